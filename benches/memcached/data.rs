//! The measured response times of memcached in the example, in nanoseconds.

pub(crate) const MEMCACHED_NS: [f64; 40] = [
    119_958.0, 6_066.0, 13_914.0, 9_595.0, 6_773.0, 5_867.0, 2_347.0, 1_333.0, 9_900.0, 9_404.0, 13_518.0, 9_021.0,
    7_915.0, 3_733.0, 10_244.0, 5_461.0, 12_243.0, 7_931.0, 9_044.0, 11_706.0, 5_706.0, 22_861.0, 9_022.0, 48_661.0,
    15_158.0, 28_995.0, 16_885.0, 9_564.0, 17_915.0, 6_610.0, 7_080.0, 7_065.0, 12_992.0, 35_431.0, 11_910.0, 11_465.0,
    14_455.0, 25_790.0, 8_339.0, 9_991.0,
];

/// Percent of requests above which memcached answers.
pub(crate) const PERCENT: f64 = 40.0;

/// Mean of the service's own time.
pub(crate) const CPU_MEAN_NS: f64 = 2_500.0;

/// Standard deviation of the service's own time: the range [1000, 4000] is the central 90 %.
pub(crate) const CPU_STDEV_NS: f64 = 1_500.0 / 1.645;
