//! One span as every trace format can tell it: who called whom, and when the call was sent, received, answered and
//! returned. It holds no tags and no names as text; names are [`Symbol`]s.

use std::collections::HashMap;

/// A name, interned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Symbol(pub(crate) u32);

/// Distinct names kept; hosts and operations beyond them share one symbol, so that hostile names cannot fill memory.
const SYMBOL_COUNT_MAX: usize = 200_000;

/// Longest name kept, in bytes; the rest of it is dropped.
const NAME_LEN_MAX: usize = 256;

/// Interned names of hosts, services and operations.
#[derive(Debug, Default)]
pub(crate) struct Symbols {
    names: Vec<Box<str>>,
    index: HashMap<Box<str>, Symbol>,
    service_of: Vec<Option<Symbol>>,
}

impl Symbols {
    /// Symbol of `name`.
    pub(crate) fn intern(&mut self, name: &str) -> Symbol {
        if let Some(&symbol) = self.index.get(name) {
            return symbol;
        }
        let name = if self.names.len() >= SYMBOL_COUNT_MAX { "other" } else { cut(name) };
        if let Some(&symbol) = self.index.get(name) {
            return symbol;
        }
        let symbol = Symbol(u32::try_from(self.names.len()).expect("bounded by SYMBOL_COUNT_MAX"));
        self.names.push(name.into());
        self.service_of.push(None);
        self.index.insert(name.into(), symbol);
        symbol
    }

    /// Symbol of an operation, in which path segments that hold a digit (ids) and the query are made one.
    ///
    /// `GET /user/1734?x=1` is `GET /user/{}`; names without a slash stay as they are.
    pub(crate) fn intern_operation(&mut self, name: &str) -> Symbol {
        if !name.contains('/') {
            return self.intern(name);
        }
        let path = name.split(['?', '#']).next().unwrap_or(name);
        let segments: Vec<&str> = path
            .split('/')
            .enumerate()
            .map(|(at, segment)| {
                let version = segment.len() <= 3 && segment.starts_with('v');
                if at > 0 && !version && segment.bytes().any(|byte| byte.is_ascii_digit()) { "{}" } else { segment }
            })
            .collect();
        self.intern(&segments.join("/"))
    }

    /// Symbol of a service that the file has not named yet.
    pub(crate) fn placeholder(&mut self) -> Symbol {
        self.intern(&format!("service {}", self.names.len()))
    }

    /// Says which service a placeholder stands for.
    pub(crate) fn resolve(&mut self, placeholder: Symbol, service: Symbol) {
        if placeholder != service {
            self.service_of[placeholder.0 as usize] = Some(service);
        }
    }

    /// The name.
    pub(crate) fn name(&self, symbol: Symbol) -> &str {
        &self.names[symbol.0 as usize]
    }

    /// Service of a host: for spigo's nine-part names the service part, else the name itself.
    pub(crate) fn service(&mut self, host: Symbol) -> Symbol {
        if let Some(service) = self.service_of[host.0 as usize] {
            return service;
        }
        let service = match spigo_parts(self.name(host)) {
            Some((service, _)) => {
                let service = service.to_owned();
                self.intern(&service)
            }
            None => host,
        };
        self.service_of[host.0 as usize] = Some(service);
        service
    }
}

/// Service and package of a spigo full name: `arch.region.zone.machine.instance.container.process.service.package`.
fn spigo_parts(name: &str) -> Option<(&str, &str)> {
    let parts: Vec<&str> = name.split('.').collect();
    let spigo = parts.len() == 9 && parts[3..7].iter().any(|part| part.is_empty());
    (spigo && !parts[7].is_empty()).then(|| (parts[7], parts[8]))
}

fn cut(name: &str) -> &str {
    let mut end = name.len().min(NAME_LEN_MAX);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    &name[..end]
}

/// Identity of a trace or a span.
pub(crate) type Id = u128;

/// Identity that `text` names: its value where it is hexadecimal of at most 128 bits, else a hash of it.
///
/// Leading zeros do not matter, as tracers pad ids differently.
pub(crate) fn parse_id(text: &str) -> Id {
    let bytes = text.as_bytes();
    let (high, low) = bytes.split_at(bytes.len().saturating_sub(16));
    if let (1..=32, Some(high), Some(low)) = (bytes.len(), hexadecimal(high), hexadecimal(low)) {
        return u128::from(high) << 64 | u128::from(low);
    }
    let hash =
        |basis: u64| text.bytes().fold(basis, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    u128::from(hash(0xcbf2_9ce4_8422_2325)) << 64 | u128::from(hash(0x9ae1_6a3b_2f90_404f))
}

/// Value of at most 16 hexadecimal digits; 0 of none.
fn hexadecimal(digits: &[u8]) -> Option<u64> {
    digits.iter().try_fold(0, |value, &digit| {
        let digit = match digit {
            b'0'..=b'9' => digit - b'0',
            b'a'..=b'f' => digit - b'a' + 10,
            b'A'..=b'F' => digit - b'A' + 10,
            _ => return None,
        };
        Some(value << 4 | u64::from(digit))
    })
}

/// The four moments of a call, in nanoseconds; absent where the trace does not tell.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Times {
    /// The caller sent the request.
    pub(crate) client_send: Option<i64>,
    /// The callee took it up.
    pub(crate) server_receive: Option<i64>,
    /// The callee sent its answer.
    pub(crate) server_send: Option<i64>,
    /// The caller has the answer.
    pub(crate) client_receive: Option<i64>,
}

/// How a span takes part in its request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Role {
    /// A call, or the work of a service.
    #[default]
    Call,
    /// Work that nobody waits for: a message consumer.
    Asynchronous,
}

/// One span, or one side's half of it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Span {
    /// Its identity, which both halves share where the format says so.
    pub(crate) id: Id,
    /// Identity of the span that caused it.
    pub(crate) parent: Option<Id>,
    /// Operation.
    pub(crate) operation: Option<Symbol>,
    /// Host that sent the request.
    pub(crate) caller: Option<Symbol>,
    /// Host that answered.
    pub(crate) callee: Option<Symbol>,
    /// When.
    pub(crate) times: Times,
    /// Whether the call is marked as failed.
    pub(crate) failed: bool,
    /// How it takes part in the request.
    pub(crate) role: Role,
}

impl Span {
    /// Puts the other half of a span into this one: what this one lacks is taken from it.
    pub(crate) fn absorb(&mut self, other: &Self) {
        self.parent = self.parent.or(other.parent);
        self.operation = self.operation.or(other.operation);
        self.caller = self.caller.or(other.caller);
        self.callee = match (self.times.server_receive, other.times.server_receive) {
            (None, Some(_)) => other.callee.or(self.callee),
            _ => self.callee.or(other.callee),
        };
        let (mine, theirs) = (&mut self.times, &other.times);
        mine.client_send = mine.client_send.or(theirs.client_send);
        mine.server_receive = mine.server_receive.or(theirs.server_receive);
        mine.server_send = mine.server_send.or(theirs.server_send);
        mine.client_receive = mine.client_receive.or(theirs.client_receive);
        self.failed |= other.failed;
        if other.role == Role::Asynchronous {
            self.role = Role::Asynchronous;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn padding_of_ids_does_not_matter_and_other_texts_are_hashed() {
        assert_eq!(parse_id("0051"), parse_id("51"));
        assert_eq!(parse_id("ffffffffffffffffffffffffffffffff"), u128::MAX);
        assert_ne!(parse_id("W47/95gDgQM="), parse_id("W47/95gDgQN="));
    }

    #[test]
    fn service_of_a_spigo_host_is_its_service_part() {
        let mut symbols = Symbols::default();
        let host = symbols.intern("lamp.us-east-1.zoneA..rds-mysql00...rds-mysql.store");
        let older = symbols.intern("lamp.us-east-1.zoneC.webserver14....webserver.monolith");
        let plain = symbols.intern("com.example.billing.api");
        let (host, older, plain) = (symbols.service(host), symbols.service(older), symbols.service(plain));
        assert_eq!(symbols.name(host), "rds-mysql");
        assert_eq!(symbols.name(older), "webserver");
        assert_eq!(symbols.name(plain), "com.example.billing.api");
    }

    #[test]
    fn ids_in_paths_are_made_one_operation() {
        let mut symbols = Symbols::default();
        let first = symbols.intern_operation("GET /v1/user/1734?x=1");
        let second = symbols.intern_operation("GET /v1/user/a81c");
        assert_eq!(first, second);
        assert_eq!(symbols.name(first), "GET /v1/user/{}");
    }
}
