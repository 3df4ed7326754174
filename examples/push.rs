//! Pushes a model to getguesstimate.com as a new public space, and prints its address.
//!
//! ```text
//! GUESSTIMATE_TOKEN=… cargo run --example push -- models/memcached.toml
//! ```

use std::error::Error;
use std::path::Path;

use tailcast::client::{
    ApiAddress, Client, HttpTransport, Limits, RetryPolicy, Session, Sleep, SpaceDraft, Token, Upload, UploadOptions,
};
use tailcast::model::{self, NoData, Options};

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).unwrap_or_else(|| "models/memcached.toml".to_owned());
    let model = model::read_file(Path::new(&path), &NoData, Options::default())?;
    let upload = Upload::new(&model, UploadOptions::default())?;
    for finding in &upload.findings {
        eprintln!("{:?}: {}", finding.severity, finding.message);
    }
    if !upload.is_accepted(false) {
        return Err("not pushed".into());
    }
    let token = Token::new(&std::env::var("GUESSTIMATE_TOKEN")?)?;
    let transport = HttpTransport::new(Limits::default());
    let session = Session::new(Box::new(transport), Box::new(Sleep), RetryPolicy::default());
    let client = Client::new(ApiAddress::default(), Some(token), session);
    let space = client.create(&SpaceDraft { is_private: Some(false), ..upload.draft() })?;
    println!("{}", client.address().space_url(space.id()));
    Ok(())
}
