//! The binary form of an HdrHistogram: encodings V0, V1 and V2, plain or deflated, and the DoubleHistogram around them.
//!
//! ```text
//! deflated:  cookie u32, length u32, zlib stream of
//! V1, V2:    cookie u32, payload length u32, offset u32, digits u32, lowest u64, highest u64, ratio f64, payload
//! V0:        cookie u32, digits u32, lowest u64, highest u64, total u64, payload
//! payload:   counts by index; V0 and V1 as words of the width in the cookie, V2 as ZigZag LEB128 where a negative
//!            number skips that many zeros
//! ```
//!
//! All numbers are big endian. The offset only says how the writer kept its array and has no part in reading.
//!
//! Source: the HdrHistogram format as its Java implementation defines it (`AbstractHistogram.decodeFromByteBuffer`).

use super::layout::Layout;
use flate2::{Decompress, FlushDecompress, Status};

const COOKIE_V0: u32 = 0x1c84_9308;
const COOKIE_V0_DEFLATED: u32 = 0x1c84_9309;
const COOKIE_V1: u32 = 0x1c84_9301;
const COOKIE_V1_DEFLATED: u32 = 0x1c84_9302;
const COOKIE_V2: u32 = 0x1c84_9303;
const COOKIE_V2_DEFLATED: u32 = 0x1c84_9304;
const COOKIE_DOUBLE: u32 = 0x0c72_124e;
const COOKIE_DOUBLE_DEFLATED: u32 = 0x0c72_124f;

/// Bits of a cookie that hold the width of a word.
const WIDTH_BITS: u32 = 0xf0;

/// Longest payload after inflating: 5 digits over 63 bits take 6.4 million counters of at most 9 bytes.
const INFLATED_LEN_MAX: usize = 64 * 1024 * 1024;

/// What keeps a payload from being read: what was expected, and what is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PayloadFault {
    pub(super) expected: &'static str,
    pub(super) found: String,
}

fn fault(expected: &'static str, found: impl Into<String>) -> PayloadFault {
    PayloadFault { expected, found: found.into() }
}

/// What the header of a histogram says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Header {
    pub(super) layout: Layout,
    /// Largest value that the writer could tell apart from larger ones.
    pub(super) highest: u64,
    pub(super) encoding: &'static str,
}

/// Reads payloads one after the other, with one buffer for all.
pub(super) struct PayloadReader {
    inflater: Decompress,
    inflated: Vec<u8>,
    inflated_len_max: usize,
}

impl PayloadReader {
    pub(super) fn new() -> Self {
        Self::with_limit(INFLATED_LEN_MAX)
    }

    /// Reader that refuses payloads that inflate to more than `inflated_len_max` bytes.
    pub(super) fn with_limit(inflated_len_max: usize) -> Self {
        Self { inflater: Decompress::new(true), inflated: Vec::new(), inflated_len_max }
    }

    /// Reads the histogram in `bytes` and puts each index with its count, not 0, behind `cells`, in ascending order.
    ///
    /// A histogram that turns out to be broken leaves those read before behind.
    pub(super) fn read(&mut self, bytes: &[u8], cells: &mut Vec<(usize, u64)>) -> Result<Header, PayloadFault> {
        let mut cursor = Cursor { bytes };
        let cookie = cursor.u32()?;
        match cookie & !WIDTH_BITS {
            COOKIE_V0_DEFLATED | COOKIE_V1_DEFLATED | COOKIE_V2_DEFLATED => {
                let body = cursor.sized()?;
                self.inflate(body)?;
                read_plain(&self.inflated, Kind::Integers, cells)
            }
            _ if cookie == COOKIE_DOUBLE || cookie == COOKIE_DOUBLE_DEFLATED => {
                cursor.u32()?;
                cursor.u64()?;
                let inner = cursor.bytes;
                if cookie == COOKIE_DOUBLE {
                    return read_plain(inner, Kind::Doubles, cells);
                }
                let mut cursor = Cursor { bytes: inner };
                cursor.u32()?;
                let body = cursor.sized()?;
                self.inflate(body)?;
                read_plain(&self.inflated, Kind::Doubles, cells)
            }
            _ => read_plain(bytes, Kind::Integers, cells),
        }
    }

    fn inflate(&mut self, body: &[u8]) -> Result<(), PayloadFault> {
        self.inflater.reset(true);
        self.inflated.clear();
        self.inflated.reserve(body.len() * 4);
        loop {
            if self.inflated.len() == self.inflated.capacity() {
                self.inflated.reserve(self.inflated.len().max(4096));
            }
            let before = (self.inflater.total_in(), self.inflater.total_out());
            let rest = &body[before.0 as usize..];
            let status = self.inflater.decompress_vec(rest, &mut self.inflated, FlushDecompress::None);
            let status = status.map_err(|_| fault("a zlib stream", "bytes that do not inflate"))?;
            if self.inflated.len() > self.inflated_len_max {
                return Err(fault("a histogram of at most 64 MiB", "a larger one"));
            }
            if status == Status::StreamEnd {
                return Ok(());
            }
            if before == (self.inflater.total_in(), self.inflater.total_out()) {
                return Err(fault("a whole zlib stream", "one that ends early"));
            }
        }
    }
}

/// What the integers of a histogram stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Themselves. The ratio has no part in reading, and the npm package writes an integer in its place.
    Integers,
    /// Multiples of the ratio, as in a DoubleHistogram.
    Doubles,
}

/// Reads a histogram that is not deflated.
fn read_plain(bytes: &[u8], kind: Kind, cells: &mut Vec<(usize, u64)>) -> Result<Header, PayloadFault> {
    let mut cursor = Cursor { bytes };
    let cookie = cursor.u32()?;
    let (base, width) = (cookie & !WIDTH_BITS, (cookie & WIDTH_BITS) >> 4 & 0xe);
    let (header, payload) = match base {
        COOKIE_V1 | COOKIE_V2 => {
            let len = cursor.u32()? as usize;
            cursor.u32()?;
            let (digits, lowest, highest) = (cursor.u32()?, cursor.u64()?, cursor.u64()?);
            let ratio = f64::from_bits(cursor.u64()?);
            let encoding = if base == COOKIE_V1 { "V1" } else { "V2" };
            let mut header = header(digits, lowest, highest, encoding)?;
            if kind == Kind::Doubles {
                if !(ratio.is_finite() && ratio > 0.0) {
                    return Err(fault("a ratio above 0", ratio.to_string()));
                }
                header.layout.ratio = ratio;
            }
            let payload = cursor.bytes.get(..len);
            let found = || format!("{} bytes of {len}", cursor.bytes.len());
            (header, payload.ok_or_else(|| fault("a whole payload", found()))?)
        }
        COOKIE_V0 => {
            let (digits, lowest, highest) = (cursor.u32()?, cursor.u64()?, cursor.u64()?);
            cursor.u64()?;
            (header(digits, lowest, highest, "V0")?, cursor.bytes)
        }
        _ => return Err(fault("an HdrHistogram in encoding V0, V1 or V2", format!("the cookie {cookie:#010x}"))),
    };
    if base == COOKIE_V2 {
        read_zigzag(payload, &header, cells)?;
    } else {
        read_words(payload, width as usize, &header, cells)?;
    }
    Ok(header)
}

fn header(digits: u32, lowest: u64, highest: u64, encoding: &'static str) -> Result<Header, PayloadFault> {
    let layout = Layout::new(lowest, digits)
        .ok_or_else(|| fault("at most 5 digits from 1 on", format!("{digits} digits from {lowest} on")))?;
    Ok(Header { layout, highest, encoding })
}

/// Refuses an index that none of `len` counters has.
fn check_index(index: usize, len: usize) -> Result<(), PayloadFault> {
    if index < len { Ok(()) } else { Err(fault("counts up to 63 bits", format!("a count at index {index}"))) }
}

/// Counts that are decoded before they are looked at again.
const BLOCK_LEN: usize = 64;

fn read_zigzag(payload: &[u8], header: &Header, cells: &mut Vec<(usize, u64)>) -> Result<(), PayloadFault> {
    let len = header.layout.len();
    let (mut at, mut index) = (0, 0usize);
    // Whether a number is a count or skips zeros is as good as random: a block is written whole, what does not count
    // written over, so that no branch depends on it.
    let mut block = [(0, 0); BLOCK_LEN];
    while at < payload.len() {
        let block_end = payload.len().min(at + BLOCK_LEN);
        let mut filled = 0;
        while at < block_end {
            let encoded;
            (encoded, at) = read_varint(payload, at)?;
            let count = ((encoded >> 1) as i64) ^ -((encoded & 1) as i64);
            block[filled % BLOCK_LEN] = (index, count as u64);
            filled += usize::from(count > 0);
            index = index.saturating_add(if count < 0 { count.unsigned_abs() as usize } else { 1 });
        }
        if let Some(&(last, _)) = block[..filled].last() {
            check_index(last, len)?;
        }
        cells.extend_from_slice(&block[..filled]);
    }
    Ok(())
}

/// The number at `at` in LEB128 of at most nine bytes, and where it ends.
#[inline]
fn read_varint(payload: &[u8], mut at: usize) -> Result<(u64, usize), PayloadFault> {
    // Most counts are small: one byte holds them.
    let mut encoded = u64::from(payload[at]);
    at += 1;
    if encoded < 0x80 {
        return Ok((encoded, at));
    }
    encoded &= 0x7f;
    let mut shift = 7;
    loop {
        let byte = *payload.get(at).ok_or_else(|| fault("a whole count", "the end of the payload"))?;
        at += 1;
        if shift == 56 {
            // The ninth byte holds eight bits and no flag.
            return Ok((encoded | u64::from(byte) << shift, at));
        }
        encoded |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Ok((encoded, at));
        }
        shift += 7;
    }
}

fn read_words(
    payload: &[u8],
    width: usize,
    header: &Header,
    cells: &mut Vec<(usize, u64)>,
) -> Result<(), PayloadFault> {
    if !matches!(width, 2 | 4 | 8) {
        return Err(fault("counts of 2, 4 or 8 bytes", format!("a width of {width}")));
    }
    if !payload.len().is_multiple_of(width) {
        return Err(fault("whole counts", format!("{} bytes for counts of {width}", payload.len())));
    }
    let len = header.layout.len();
    for (index, word) in payload.chunks_exact(width).enumerate() {
        let count = word.iter().fold(0u64, |number, &byte| number << 8 | u64::from(byte));
        if count >> (8 * width - 1) != 0 {
            return Err(fault("counts of at least 0", "a negative count"));
        }
        if count > 0 {
            check_index(index, len)?;
            cells.push((index, count));
        }
    }
    Ok(())
}

struct Cursor<'a> {
    bytes: &'a [u8],
}

impl<'a> Cursor<'a> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], PayloadFault> {
        let (head, rest) =
            self.bytes.split_first_chunk::<N>().ok_or_else(|| fault("a whole header", "the end of the payload"))?;
        self.bytes = rest;
        Ok(*head)
    }

    fn u32(&mut self) -> Result<u32, PayloadFault> {
        self.take().map(u32::from_be_bytes)
    }

    fn u64(&mut self) -> Result<u64, PayloadFault> {
        self.take().map(u64::from_be_bytes)
    }

    /// A length and that many bytes.
    fn sized(&mut self) -> Result<&'a [u8], PayloadFault> {
        let len = self.u32()? as usize;
        let found = || format!("{} bytes of {len}", self.bytes.len());
        self.bytes.get(..len).ok_or_else(|| fault("a whole zlib stream", found()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hdrhistogram::Histogram;
    use hdrhistogram::serialization::{Serializer, V2DeflateSerializer, V2Serializer};
    use std::io::Write;

    const VALUES: [(u64, u64); 6] = [(0, 1), (1, 300), (77, 2), (123_456, 70_000), (9_999_999, 1), (u64::MAX >> 4, 3)];

    fn sample() -> Histogram<u64> {
        let mut histogram = Histogram::new(3).unwrap();
        for (value, count) in VALUES {
            histogram.record_n(value, count).unwrap();
        }
        histogram
    }

    /// Largest value and count of each cell that has one.
    fn read(bytes: &[u8]) -> Result<Vec<(u64, u64)>, PayloadFault> {
        let mut cells = Vec::new();
        let header = PayloadReader::new().read(bytes, &mut cells)?;
        Ok(cells.into_iter().map(|(index, count)| (header.layout.ends(index).unwrap().1, count)).collect())
    }

    fn expected() -> Vec<(u64, u64)> {
        sample().iter_recorded().map(|v| (v.value_iterated_to(), v.count_at_value())).collect()
    }

    #[test]
    fn v2_payloads_read_as_the_reference_implementation_reads_them() {
        let (mut plain, mut deflated) = (Vec::new(), Vec::new());
        V2Serializer::new().serialize(&sample(), &mut plain).unwrap();
        V2DeflateSerializer::new().serialize(&sample(), &mut deflated).unwrap();
        assert_eq!(read(&plain).unwrap(), expected());
        assert_eq!(read(&deflated).unwrap(), expected());
    }

    fn words(count: usize, at: &[(usize, u64)], width: usize) -> Vec<u8> {
        let mut counts = vec![0u64; count];
        at.iter().for_each(|&(index, n)| counts[index] = n);
        counts.iter().flat_map(|n| n.to_be_bytes()[8 - width..].to_vec()).collect()
    }

    fn deflate(cookie: u32, plain: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(plain).unwrap();
        let body = encoder.finish().unwrap();
        [&cookie.to_be_bytes()[..], &(body.len() as u32).to_be_bytes(), &body].concat()
    }

    #[test]
    fn v0_and_v1_payloads_are_read_in_every_width() {
        for width in [2usize, 4, 8] {
            let payload = words(5000, &[(1, 300), (77, 2), (4096, 30_000)], width);
            let bits = (width as u32) << 4;
            let parameters = [&3u32.to_be_bytes()[..], &1u64.to_be_bytes(), &3_600_000u64.to_be_bytes()].concat();
            let v0 = [&(COOKIE_V0 | bits).to_be_bytes()[..], &parameters, &30_302u64.to_be_bytes(), &payload].concat();
            let len = (payload.len() as u32).to_be_bytes();
            let (offset, ratio) = (0u32.to_be_bytes(), 1f64.to_bits().to_be_bytes());
            let v1 = [&(COOKIE_V1 | bits).to_be_bytes()[..], &len, &offset, &parameters, &ratio, &payload].concat();
            let top = Layout::new(1, 3).unwrap().ends(4096).unwrap().1;
            let expected = vec![(1, 300), (77, 2), (top, 30_000)];
            assert_eq!(read(&v0).unwrap(), expected);
            assert_eq!(read(&v1).unwrap(), expected);
            assert_eq!(read(&deflate(COOKIE_V0_DEFLATED | bits, &v0)).unwrap(), expected);
            assert_eq!(read(&deflate(COOKIE_V1_DEFLATED | bits, &v1)).unwrap(), expected);
        }
    }

    #[test]
    fn a_ratio_means_nothing_outside_a_double_histogram() {
        let mut plain = Vec::new();
        V2Serializer::new().serialize(&sample(), &mut plain).unwrap();
        // The npm package writes the integer 1, which is 4.9e-324 in floating point.
        for bits in [1, 0.125f64.to_bits(), f64::NAN.to_bits()] {
            plain[32..40].copy_from_slice(&bits.to_be_bytes());
            let header = PayloadReader::new().read(&plain, &mut Vec::new()).unwrap();
            assert_eq!(header.layout.ratio, 1.0);
        }
    }

    #[test]
    fn a_double_histogram_scales_its_integers() {
        let mut plain = Vec::new();
        V2Serializer::new().serialize(&sample(), &mut plain).unwrap();
        plain[32..40].copy_from_slice(&0.125f64.to_bits().to_be_bytes());
        let double = [&COOKIE_DOUBLE.to_be_bytes()[..], &3u32.to_be_bytes(), &1000u64.to_be_bytes(), &plain].concat();
        let header = PayloadReader::new().read(&double, &mut Vec::new()).unwrap();
        assert_eq!(header.layout.ratio, 0.125);
        assert_eq!(header.layout.values(8, 8).0, 1.0);
    }

    #[test]
    fn no_damage_to_a_payload_makes_reading_it_panic() {
        let mut plain = Vec::new();
        V2Serializer::new().serialize(&sample(), &mut plain).unwrap();
        for at in 0..plain.len() {
            for byte in [0, 0xff] {
                let mut damaged = plain.clone();
                damaged[at] = byte;
                let _ = read(&damaged);
            }
            assert!(read(&plain[..at]).is_err(), "cut at {at}");
        }
        let bomb = deflate(COOKIE_V2_DEFLATED | 0x10, &vec![0; INFLATED_LEN_MAX + 1]);
        assert_eq!(read(&bomb).unwrap_err().found, "a larger one");
    }
}
