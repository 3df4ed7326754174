//! The known name that an unknown one was probably meant to be.

use super::limits::SUGGESTION_LENGTH_MAX;

/// Known name nearest to `unknown`, if one is near enough to be meant.
///
/// Near is an edit distance (insertion, deletion, replacement or swap of neighbours, each 1) of at most 2, or a third of
/// the length where that is more, or half the length where that is less. Names that differ only in case are nearest of
/// all. Among equals the first wins.
///
/// # Cost
/// Proportional to the names' number and to the product of their lengths; names above
/// [`SUGGESTION_LENGTH_MAX`] characters are passed over.
///
/// # Examples
/// ```
/// use tailcast::formula::nearest_name;
/// assert_eq!(nearest_name("lognorml", ["normal", "lognormal"]), Some("lognormal"));
/// assert_eq!(nearest_name("Max", ["mac", "max"]), Some("max"));
/// assert_eq!(nearest_name("latency", ["throughput"]), None);
/// ```
pub fn nearest_name<'n>(unknown: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let wanted: Vec<char> = unknown.chars().take(SUGGESTION_LENGTH_MAX + 1).collect();
    if wanted.len() > SUGGESTION_LENGTH_MAX {
        return None;
    }
    let limit = (wanted.len() / 3).max(2).min(wanted.len() / 2);
    let mut nearest: Option<(usize, &str)> = None;
    for name in known {
        let distance = if name.to_lowercase() == unknown.to_lowercase() {
            0
        } else {
            // A candidate must beat the nearest so far, which shortens the search.
            let below = nearest.map_or(limit + 1, |(distance, _)| distance);
            match bounded_distance(&wanted, name, below) {
                Some(distance) => distance,
                None => continue,
            }
        };
        if nearest.is_none_or(|(least, _)| distance < least) {
            nearest = Some((distance, name));
        }
    }
    nearest.map(|(_, name)| name)
}

/// Edit distance, if it is less than `below`.
fn bounded_distance(wanted: &[char], name: &str, below: usize) -> Option<usize> {
    let name: Vec<char> = name.chars().take(SUGGESTION_LENGTH_MAX + 1).collect();
    if name.len() > SUGGESTION_LENGTH_MAX || wanted.len().abs_diff(name.len()) >= below {
        return None;
    }
    // Rows of the table of distances between prefixes: the one before the last, the last, the one being filled.
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=name.len()).collect();
    for (row, &left) in wanted.iter().enumerate() {
        let mut current = vec![row + 1];
        for (column, &right) in name.iter().enumerate() {
            let replaced = last[column] + usize::from(left != right);
            let mut least = replaced.min(last[column + 1] + 1).min(current[column] + 1);
            if row > 0 && column > 0 && left == name[column - 1] && wanted[row - 1] == right {
                least = least.min(before[column - 1] + 1);
            }
            current.push(least);
        }
        before = std::mem::replace(&mut last, current);
    }
    Some(last[name.len()]).filter(|&distance| distance < below)
}

#[cfg(test)]
mod tests {
    use super::nearest_name;

    #[test]
    fn each_kind_of_slip_costs_one() {
        for slip in ["sqt", "sqrrt", "sqru", "sqtr"] {
            assert_eq!(nearest_name(slip, ["floor", "sqrt"]), Some("sqrt"), "{slip}");
        }
    }

    #[test]
    fn a_name_that_differs_only_in_case_is_nearest() {
        assert_eq!(nearest_name("pert", ["pest", "PERT"]), Some("PERT"));
    }

    #[test]
    fn long_names_may_differ_by_a_third() {
        assert_eq!(nearest_name("memcached_hits", ["memcache_hit_rate"]), None);
        assert_eq!(nearest_name("memcached_hit_rte", ["mysql", "memcache_hit_rate"]), Some("memcache_hit_rate"));
    }

    #[test]
    fn names_with_nothing_in_common_are_not_suggested() {
        assert_eq!(nearest_name("x", ["a", "e", "pi"]), None);
        assert_eq!(nearest_name("AB", ["CD", "EF"]), None);
        assert_eq!(nearest_name("AF", ["CD", "AD"]), Some("AD"));
        assert_eq!(nearest_name("", ["a"]), None);
    }

    #[test]
    fn the_first_of_equally_near_names_wins() {
        assert_eq!(nearest_name("AF", ["AB", "AD"]), Some("AB"));
    }

    #[test]
    fn overlong_names_are_passed_over() {
        let long = "a".repeat(1000);
        assert_eq!(nearest_name(&long, ["a"]), None);
        assert_eq!(nearest_name("aa", [long.as_str()]), None);
    }
}
