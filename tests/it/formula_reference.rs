//! The function reference in `docs/formula.md` is the one that the table makes.

use tailcast::formula::functions::markdown;

const BEGIN: &str =
    "<!-- made from the table of functions: UPDATE_DOCUMENTS=1 cargo test --test it formula_reference -->\n";
const END: &str = "<!-- end of the table -->";

#[test]
fn the_reference_is_made_from_the_table() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/formula.md");
    let document = std::fs::read_to_string(path).expect("the document exists");
    let (before, rest) = document.split_once(BEGIN).expect("the reference has a beginning");
    let (found, after) = rest.split_once(END).expect("the reference has an end");
    let expected = format!("\n{}\n", markdown());
    if std::env::var_os("UPDATE_DOCUMENTS").is_some() {
        std::fs::write(path, format!("{before}{BEGIN}{expected}{END}{after}")).expect("the document can be written");
        return;
    }
    assert!(found == expected, "docs/formula.md is not what the table makes; run with UPDATE_DOCUMENTS=1");
}
