//! Measured times put to the services of an architecture by their names.
//!
//! A spigo instance name (`arch.region.zone..instance...service.package`) tells its service, and that one-way deliveries
//! were measured. What spigo measures at a root (`…_resp`, `…_serv`, `…_rt`, `…_net`) is of whole requests or of its
//! clock and serves no service. Any other measurement is of calls to the service that its own name, or that of its
//! file, is equal to.

use std::collections::BTreeMap;

use super::latency::{Meaning, ServiceLatency};
use crate::dist::Empirical;
use crate::import::Measurement;
use crate::problem::Warning;

/// Ends of the names of what spigo measures at a root.
const ROOT_SUFFIXES: [&str; 4] = ["_net", "_resp", "_serv", "_rt"];

/// Measured times by service.
#[derive(Debug, Clone, Default)]
pub struct ServiceLatencies {
    by_service: BTreeMap<String, ServiceLatency>,
    warnings: Vec<Warning>,
}

impl ServiceLatencies {
    /// Sorts measurements by the services they are of. Lists of values of several instances are put together; of
    /// several histograms the first is taken, with a warning.
    #[must_use]
    pub fn new(measurements: &[Measurement]) -> Self {
        let mut latencies = Self::default();
        for measurement in measurements.iter().filter(|measurement| measurement.count > 0) {
            for (service, meaning) in services(measurement) {
                latencies.add(&service, meaning, measurement);
            }
        }
        latencies
    }

    /// Times of a service; letter case, `-` and `_` make no difference.
    ///
    /// # Examples
    /// ```
    /// use tailcast::import::{ImportOptions, read_from};
    /// use tailcast::infer::architecture::ServiceLatencies;
    /// let read = read_from("latency_us\n5\n7\n9\n".as_bytes(), "data/rds_mysql.csv", &ImportOptions::default())?;
    /// let latencies = ServiceLatencies::new(&read);
    /// assert!(latencies.get("rds-mysql").is_some() && latencies.get("memcache").is_none());
    /// # Ok::<(), tailcast::import::ImportError>(())
    /// ```
    #[must_use]
    pub fn get(&self, service: &str) -> Option<ServiceLatency> {
        self.by_service.get(&key(service)).cloned()
    }

    /// What could not be used.
    #[must_use]
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    fn add(&mut self, service: &str, meaning: Meaning, measurement: &Measurement) {
        let new = ServiceLatency { data: measurement.data.clone(), unit: measurement.unit.clone(), meaning };
        let Some(known) = self.by_service.get_mut(service) else {
            self.by_service.insert(service.to_owned(), new);
            return;
        };
        match (&known.data, &new.data) {
            // Times of calls say what is wanted; those of deliveries only half of it.
            _ if (known.meaning, meaning) == (Meaning::Delivery, Meaning::Call) => *known = new,
            (Empirical::Values(old), Empirical::Values(more))
                if (&known.unit, known.meaning) == (&new.unit, meaning) =>
            {
                known.data = Empirical::Values(old.iter().chain(more.iter()).copied().collect());
            }
            _ => {
                let message = format!(
                    "`{}` is left out: service `{service}` has another measurement already",
                    measurement.provenance.file
                );
                self.warnings.push(Warning::new("several-measurements", message));
            }
        }
    }
}

/// The services that a measurement is of, and what it says of them.
fn services(measurement: &Measurement) -> Vec<(String, Meaning)> {
    if let Some((_, service_and_package)) = measurement.name.split_once("...") {
        let is_of_root = ROOT_SUFFIXES.iter().any(|suffix| measurement.name.ends_with(suffix));
        let service = service_and_package.rsplit_once('.').map_or(service_and_package, |(service, _)| service);
        return if is_of_root { Vec::new() } else { vec![(key(service), Meaning::Delivery)] };
    }
    let file = measurement.provenance.file.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = file.split('.').next().unwrap_or_default();
    let mut services = vec![key(&measurement.name), key(stem)];
    services.dedup();
    services.into_iter().map(|service| (service, Meaning::Call)).collect()
}

/// The name without what people write differently.
fn key(service: &str) -> String {
    service.to_ascii_lowercase().replace('_', "-")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::{ImportOptions, read_from};

    fn measured(file: &str, text: &str) -> Measurement {
        read_from(text.as_bytes(), file, &ImportOptions::default()).unwrap().remove(0)
    }

    fn instance(name: &str) -> Measurement {
        Measurement { name: name.to_owned(), ..measured("shop.guess.txt", "1us\n2us\n3us\n") }
    }

    #[test]
    fn instances_of_a_service_are_put_together_as_deliveries() {
        let measurements = [
            instance("shop.us-east-1.zoneA..web00...web.staash"),
            instance("shop.us-east-1.zoneB..web01...web.staash"),
            instance("shop.*.*..www00...www.denominator_resp"),
        ];
        let latencies = ServiceLatencies::new(&measurements);
        let web = latencies.get("web").unwrap();
        assert_eq!(web.meaning, Meaning::Delivery);
        assert!(matches!(&web.data, Empirical::Values(values) if values.len() == 6));
        assert!(latencies.get("www").is_none() && latencies.warnings().is_empty());
    }

    #[test]
    fn calls_come_before_deliveries_and_of_two_histograms_the_first_is_taken() {
        let histogram = "value,count\n3,2\n5,1\n";
        let measurements = [
            instance("shop.us-east-1.zoneA..web00...web.staash"),
            measured("d/web.csv", histogram),
            measured("e/web.csv", histogram),
        ];
        let latencies = ServiceLatencies::new(&measurements);
        assert_eq!(latencies.get("Web").unwrap().meaning, Meaning::Call);
        assert_eq!(latencies.warnings().len(), 1);
        assert!(latencies.warnings()[0].message.starts_with("`e/web.csv` is left out"));
    }
}
