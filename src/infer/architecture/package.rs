//! The packages of spigo's services: what each does with a request, and how long it is assumed to take where nothing
//! is known.

/// Package of a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Package {
    /// Service registry; no part of a request.
    Eureka,
    /// Peer of a social network simulation; answers on its own.
    Pirate,
    /// Load balancer: passes a request to one instance behind it.
    Elb,
    /// Where requests come from: the endpoint.
    Denominator,
    /// Proxy: passes a request to one instance in its zone.
    Zuul,
    /// Business logic: passes a request to one instance in its zone.
    Karyon,
    /// Business logic that sees all zones.
    Monolith,
    /// Storage access: asks cache, volume, Cassandra, store and other storage access in turn until one has the answer.
    Staash,
    /// Cassandra: the node asked answers, or forwards to the node that owns the key.
    PriamCassandra,
    /// Data store; answers on its own.
    Store,
    /// Riak, which behaves as Cassandra does.
    Riak,
    /// Disk volume; answers on its own.
    Volume,
    /// Cache; answers on its own.
    Cache,
}

/// What a package does with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Behaviour {
    /// Answers without asking anybody.
    Leaf,
    /// Asks one of its dependencies, each as likely as it has instances in sight.
    Router,
    /// Asks its dependencies in turn until one has the answer.
    Chain,
    /// Answers, or forwards to another node of its own.
    Ring,
}

impl Package {
    /// Every package, with its name in architecture files.
    const TABLE: [(Self, &'static str); 13] = [
        (Self::Eureka, "eureka"),
        (Self::Pirate, "pirate"),
        (Self::Elb, "elb"),
        (Self::Denominator, "denominator"),
        (Self::Zuul, "zuul"),
        (Self::Karyon, "karyon"),
        (Self::Monolith, "monolith"),
        (Self::Staash, "staash"),
        (Self::PriamCassandra, "priamCassandra"),
        (Self::Store, "store"),
        (Self::Riak, "riak"),
        (Self::Volume, "volume"),
        (Self::Cache, "cache"),
    ];

    /// Names of all packages.
    pub const NAMES: [&'static str; 13] = {
        let mut names = [""; 13];
        let mut at = 0;
        while at < names.len() {
            names[at] = Self::TABLE[at].1;
            at += 1;
        }
        names
    };

    /// Package with that name, exactly.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::TABLE.iter().find(|(_, known)| *known == name).map(|(package, _)| *package)
    }

    /// Name in architecture files.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::TABLE.iter().find(|(package, _)| *package == self).map_or("", |(_, name)| name)
    }

    pub(crate) const fn behaviour(self) -> Behaviour {
        match self {
            Self::Elb | Self::Denominator | Self::Zuul | Self::Karyon | Self::Monolith => Behaviour::Router,
            Self::Staash => Behaviour::Chain,
            Self::PriamCassandra | Self::Riak => Behaviour::Ring,
            Self::Eureka | Self::Pirate | Self::Store | Self::Volume | Self::Cache => Behaviour::Leaf,
        }
    }

    /// Whether it sees instances of its own zone only.
    pub(crate) const fn is_zonal(self) -> bool {
        matches!(self, Self::Zuul | Self::Karyon)
    }

    /// Place in a chain: the kinds that staash asks, in turn; `None` for what it never asks.
    pub(crate) const fn chain_rank(self) -> Option<usize> {
        match self {
            Self::Cache => Some(0),
            Self::Volume => Some(1),
            Self::PriamCassandra | Self::Riak => Some(2),
            Self::Store => Some(3),
            Self::Staash => Some(4),
            _ => None,
        }
    }

    /// Percent of the requests that a member of a chain answers, where nothing is known.
    pub(crate) const fn assumed_hit_percent(self) -> f64 {
        match self {
            Self::Cache => 60.0,
            _ => 100.0,
        }
    }

    /// 5 % and 95 % quantile assumed of the time one call takes in the service itself and on the way to it; `None` for
    /// what takes none.
    pub(crate) const fn assumed_time(self) -> Option<&'static str> {
        match self {
            Self::Denominator => None,
            Self::Cache | Self::Elb => Some("200us to 1ms"),
            Self::Staash => Some("500us to 3ms"),
            Self::Zuul => Some("1ms to 5ms"),
            Self::Eureka | Self::Pirate | Self::Karyon | Self::PriamCassandra | Self::Riak | Self::Store => {
                Some("1ms to 10ms")
            }
            Self::Volume => Some("1ms to 20ms"),
            Self::Monolith => Some("5ms to 50ms"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_reads_back() {
        for name in Package::NAMES {
            assert_eq!(Package::parse(name).map(Package::name), Some(name));
        }
        assert_eq!(Package::parse("Elb"), None);
    }
}
