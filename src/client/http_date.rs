//! Times as headers and answers write them, in seconds since 1970.

use std::time::{SystemTime, UNIX_EPOCH};

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Seconds of a date in the form `Sun, 06 Nov 1994 08:49:37 GMT`.
pub(super) fn seconds(text: &str) -> Option<u64> {
    let mut words = text.trim().split_once(", ")?.1.split(' ');
    let day = words.next()?.parse().ok()?;
    let month = MONTHS.iter().position(|month| Some(*month) == words.clone().next())?;
    let year = words.nth(1)?.parse().ok()?;
    let seconds = time_of_day(words.next()?)?;
    (words.next() == Some("GMT")).then_some(())?;
    Some(days(year, month as u64 + 1, day)? * 86_400 + seconds)
}

/// Seconds of a time in the form `2016-01-02T03:04:05.678Z`.
pub(super) fn seconds_of_timestamp(text: &str) -> Option<u64> {
    let (date, time) = text.trim().strip_suffix('Z')?.split_once('T')?;
    let mut parts = date.split('-').map(|part| part.parse().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    Some(days(year, month, day)? * 86_400 + time_of_day(time.split('.').next()?)?)
}

/// Seconds since 1970 by this machine's clock.
pub(super) fn now() -> Option<u64> {
    SystemTime::now().duration_since(UNIX_EPOCH).ok().map(|since| since.as_secs())
}

/// Seconds of `08:49:37`.
fn time_of_day(text: &str) -> Option<u64> {
    let mut parts = text.split(':').map(|part| part.parse::<u64>().ok());
    let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next()??);
    (hour < 24 && minute < 60 && second <= 60).then_some(hour * 3600 + minute * 60 + second)
}

/// Days from 1970-01-01 to a day of the Gregorian calendar.
///
/// # Source
/// Derived here: years are counted from 1 March, so that the leap day is the last of its year.
fn days(year: u64, month: u64, day: u64) -> Option<u64> {
    if !(1970..=9999).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let (years, months) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leap_days = years / 4 - years / 100 + years / 400;
    // 153 days in any five months from March on; 719 468 days from 0000-03-01 to 1970-01-01.
    Some(years * 365 + leap_days + (153 * months + 2) / 5 + day - 1 - 719_468)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_headers_are_read() {
        assert_eq!(seconds("Sun, 06 Nov 1994 08:49:37 GMT"), Some(784_111_777));
        assert_eq!(seconds("Thu, 01 Jan 1970 00:00:00 GMT"), Some(0));
        assert_eq!(seconds("Thu, 29 Feb 2024 23:59:59 GMT"), Some(1_709_251_199));
        for text in
            ["", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 41 Nov 1994 08:49:37 GMT"]
        {
            assert_eq!(seconds(text), None, "{text}");
        }
    }

    #[test]
    fn times_of_answers_are_read() {
        assert_eq!(seconds_of_timestamp("1994-11-06T08:49:37.123Z"), Some(784_111_777));
        assert_eq!(seconds_of_timestamp("2000-03-01T00:00:00Z"), Some(951_868_800));
        assert_eq!(seconds_of_timestamp("yesterday"), None);
    }
}
