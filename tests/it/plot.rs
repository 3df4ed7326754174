//! Charts: what they hold, and what a PNG and an SVG of them hold.

use std::io::Read as _;

use tailcast::plot::{
    Bar, Chart, DistributionOptions, HeatMap, Line, LinePoint, Mark, PlotError, PlotFormat, PlotOptions, Scale,
    bar_chart, ccdf_chart, draw, heat_map_chart, histogram_chart, line_chart, render,
};
use tailcast::recorder::{Bin, Recording};
use tailcast::sim::MetricOutcome;
use tailcast::units::{TimeUnit, Unit};

use crate::synthetic::{Mode, broken, constant, metric, mixture, storage_metric};

const MS: Unit = Unit::Time(TimeUnit::Millisecond);

fn percent() -> Unit {
    Unit::Other("%".to_owned())
}

fn three_modes() -> Chart {
    let storage = storage_metric(1_000_000, 0.6, 0.7);
    histogram_chart(&[("", &storage)], &DistributionOptions::default())
}

fn scenarios(count: usize) -> Chart {
    let rates = [(0.6, 0.7), (0.4, 0.7), (0.2, 0.9), (0.8, 0.5), (0.5, 0.5), (0.9, 0.9), (0.1, 0.3)];
    let names = ["hit 60/70", "hit 40/70", "hit 20/90", "hit 80/50", "hit 50/50", "hit 90/90", "hit 10/30"];
    let metrics: Vec<MetricOutcome> =
        rates.iter().take(count).map(|&(hit, cached)| storage_metric(1_000_000, hit, cached)).collect();
    let series: Vec<(&str, &MetricOutcome)> = names.iter().copied().zip(&metrics).collect();
    histogram_chart(&series, &DistributionOptions::default())
}

fn narrow() -> Chart {
    let web =
        metric("W", "web service", "LOGNORMAL", mixture(200_000, &[Mode { share: 1.0, median: 120e3, sigma: 0.3 }]));
    histogram_chart(&[("", &web)], &DistributionOptions::default())
}

fn tails() -> Chart {
    let (before, after) = (storage_metric(1_000_000, 0.6, 0.7), storage_metric(1_000_000, 0.2, 0.9));
    ccdf_chart(&[("hit 60/70", &before), ("hit 20/90", &after)], &DistributionOptions::default())
}

fn sweep() -> Chart {
    let line = |name: &str, from: f64, slope: f64| Line {
        name: name.to_owned(),
        points: (0..=20)
            .map(|k| {
                let x = f64::from(k) * 5.0;
                let y = (k != 13).then(|| from * (1.0 - slope * x / 100.0).max(0.02));
                let half = from * 0.03;
                LinePoint { x, y, interval: y.map(|y| (y - half, y + half)) }
            })
            .collect(),
    };
    let lines = [line("p50", 2.0, 0.9), line("p95", 5.2, 0.5), line("p99", 7.1, 0.35)];
    line_chart(
        "storage response over hit rate",
        ("memcached hit", Some(&percent())),
        ("response time", Some(&MS)),
        &lines,
    )
}

fn heat() -> Chart {
    let rates: Vec<f64> = (0..=10).map(|k| f64::from(k) * 10.0).collect();
    let value = |x: f64, y: f64| Some(9.0 - x * 0.06 - y * 0.02).filter(|_| !(x == 0.0 && y == 0.0));
    heat_map_chart(&HeatMap {
        title: "p99 of storage response".to_owned(),
        x_name: "memcached hit (%)".to_owned(),
        x_values: rates.clone(),
        y_name: "mysql hit (%)".to_owned(),
        y_values: rates.iter().copied().filter(|rate| *rate <= 80.0).collect(),
        figure: "p99".to_owned(),
        unit: Some(MS),
        values: rates.iter().map(|&y| rates.iter().map(|&x| value(x, y)).collect()).collect(),
    })
}

fn attribution() -> Chart {
    let bar =
        |name: &str, to: f64, reference: f64| Bar { name: name.into(), from: 0.0, to, reference: Some(reference) };
    let bars = [
        bar("mysql disk access", 93.1, 38.0),
        bar("staash cpu", 4.6, 21.0),
        bar("memcached response", 1.9, 33.0),
        bar("elastic load balancer of the second region, network", 0.4, 8.0),
    ];
    bar_chart("who owns p99 of storage response", ("share of the tail", Some(&percent())), &bars, None, "share of all")
}

fn tornado() -> Chart {
    let bar = |name: &str, from: f64, to: f64| Bar { name: name.into(), from, to, reference: None };
    let bars = [bar("memcached hit", 4.1, 9.4), bar("mysql cache hit", 5.2, 8.1), bar("staash cpu", 6.3, 6.7)];
    bar_chart("p99 from p10 to p90 of each input", ("p99 of response time", Some(&MS)), &bars, Some(6.5), "")
}

fn with_point_mass() -> Chart {
    let body = mixture(400_000, &[Mode { share: 1.0, median: 300.0, sigma: 0.4 }]);
    let mut bins = vec![cell(100.0, 600_000)];
    bins.extend(body.bins().filter(|bin| bin.low > 100.0));
    let metric = metric("H", "hit or miss", "FUNCTION", Recording::from_bins(bins, 0, 0));
    histogram_chart(&[("", &metric)], &DistributionOptions::default())
}

fn heavy() -> Chart {
    // Pareto: half of the samples below 2, one in a million above a million.
    let edge = |k: u32| 1.002f64.powi(k as i32);
    let count = |k: u32| (1e7 * (1.0 / edge(k) - 1.0 / edge(k + 1))).round() as u64;
    let bins = (0..9000).map(|k| Bin { low: edge(k), high: edge(k + 1), count: count(k) }).filter(|bin| bin.count > 0);
    let metric = metric("P", "retries without a limit", "FUNCTION", Recording::from_bins(bins.collect(), 0, 0));
    let linear = DistributionOptions { scale: Some(Scale::Linear), ..DistributionOptions::default() };
    histogram_chart(&[("", &metric)], &linear)
}

/// Every kind of chart, with a name.
fn gallery() -> Vec<(&'static str, Chart)> {
    vec![
        ("three-modes", three_modes()),
        ("scenarios-2", scenarios(2)),
        ("scenarios-3", scenarios(3)),
        ("scenarios-6", scenarios(6)),
        ("narrow", narrow()),
        ("tails", tails()),
        ("sweep", sweep()),
        ("heat-map", heat()),
        ("attribution", attribution()),
        ("tornado", tornado()),
        ("point-mass", with_point_mass()),
        ("heavy", heavy()),
    ]
}

/// Width, height and the distinct colours of a PNG.
fn decode_png(bytes: &[u8]) -> (u32, u32, usize) {
    assert_eq!(&bytes[..8], b"\x89PNG\r\n\x1a\n");
    let number = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
    let (mut at, mut data, mut size) = (8, Vec::new(), (0, 0));
    while at < bytes.len() {
        let len = number(at) as usize;
        let body = &bytes[at + 8..at + 8 + len];
        let mut checksum = flate2::Crc::new();
        checksum.update(&bytes[at + 4..at + 8 + len]);
        assert_eq!(checksum.sum(), number(at + 8 + len));
        match &bytes[at + 4..at + 8] {
            b"IHDR" => size = (number(at + 8), number(at + 12)),
            b"IDAT" => data.extend_from_slice(body),
            _ => {}
        }
        at += 12 + len;
    }
    let mut pixels = Vec::new();
    flate2::read::ZlibDecoder::new(&data[..]).read_to_end(&mut pixels).unwrap();
    let row = size.0 as usize * 3 + 1;
    assert_eq!(pixels.len(), row * size.1 as usize);
    let mut previous = vec![0u8; row];
    let mut colors = std::collections::BTreeSet::new();
    for line in pixels.chunks_exact(row) {
        assert_eq!(line[0], 2, "filter");
        let current: Vec<u8> = line.iter().zip(&previous).map(|(byte, above)| byte.wrapping_add(*above)).collect();
        colors.extend(current[1..].chunks_exact(3).map(<[u8]>::to_vec));
        previous = current;
    }
    (size.0, size.1, colors.len())
}

/// The texts of an SVG, in order.
fn svg_texts(svg: &str) -> Vec<String> {
    let texts = svg.split("<text").skip(1).map(|rest| {
        let body = rest.split_once('>').unwrap().1;
        body.split_once("</text>").unwrap().0.trim().to_owned()
    });
    texts.collect()
}

/// Fails unless every tag is closed in its turn and every attribute is quoted.
fn assert_well_formed(svg: &str) {
    let mut open = Vec::new();
    for piece in svg.split('<').skip(1) {
        let (tag, text) = piece.split_once('>').expect("a tag ends");
        assert!(!text.contains('>') && tag.matches('"').count() % 2 == 0, "{piece}");
        let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap();
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name));
        } else if !tag.ends_with('/') {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "{open:?}");
}

#[test]
fn every_kind_of_chart_draws_as_png_and_svg() {
    let folder = tempfile::tempdir().unwrap();
    for (name, chart) in gallery() {
        let png = folder.path().join(format!("{name}.png"));
        draw(&chart, &png, &PlotOptions::default()).unwrap();
        let (width, height, colors) = decode_png(&std::fs::read(&png).unwrap());
        assert_eq!((width, height), (1200, 675), "{name}");
        assert!(colors > 50, "{name}: {colors} colours");
        let svg = render(&chart, PlotFormat::Svg, 1200, 675).unwrap();
        let svg = String::from_utf8(svg).unwrap();
        assert!(svg.starts_with("<svg width=\"1200\" height=\"675\" viewBox=\"0 0 12000 6750\""), "{}", &svg[..200]);
        assert_well_formed(&svg);
        assert!(svg_texts(&svg).contains(&chart.title), "{name}");
    }
}

#[test]
fn the_same_chart_gives_the_same_bytes() {
    for format in [PlotFormat::Png, PlotFormat::Svg] {
        assert_eq!(
            render(&three_modes(), format, 600, 400).unwrap(),
            render(&three_modes(), format, 600, 400).unwrap()
        );
    }
}

#[test]
fn three_modes_are_three_peaks() {
    let chart = three_modes();
    assert_eq!(chart.x_axis.scale, Scale::Log);
    let Mark::Area { points, .. } = &chart.series[0] else { panic!("expected an area first") };
    let height = |x: f64| points.iter().rfind(|point| point.0 <= x).unwrap().1;
    let (first, second, third) = (height(10.0), height(150.0), height(4000.0));
    let (valley, plain) = (height(40.0), height(800.0));
    assert!(first > second && second > third && third > 0.1 * first, "{first} {second} {third}");
    assert!(valley < 0.02 * first && plain < 0.02 * first, "{valley} {plain}");
    assert!(points.iter().map(|point| point.1).sum::<f64>() / 2.0 > 0.998);
}

#[test]
fn three_modes_have_these_words() {
    let svg = String::from_utf8(render(&three_modes(), PlotFormat::Svg, 1200, 675).unwrap()).unwrap();
    insta::assert_snapshot!(svg_texts(&svg).join("\n"));
}

#[test]
fn scenarios_share_bins_and_have_a_legend_with_figures() {
    let chart = scenarios(3);
    let labels: Vec<&str> = chart.legend.iter().map(|entry| entry.label.as_str()).collect();
    insta::assert_snapshot!(labels.join("\n"), @r"
    hit 60/70: p50 12.7 µs, p99 6.49 ms
    hit 40/70: p50 121 µs, p99 6.99 ms
    hit 20/90: p50 141 µs, p99 5.99 ms
    ");
    assert_eq!(chart.markers.len(), 3);
}

#[test]
fn narrow_positive_distributions_have_a_linear_axis_unless_asked() {
    assert_eq!(narrow().x_axis.scale, Scale::Linear);
    let web = metric("W", "w", "LOGNORMAL", mixture(1000, &[Mode { share: 1.0, median: 120.0, sigma: 0.3 }]));
    let asked = DistributionOptions { scale: Some(Scale::Log), ..DistributionOptions::default() };
    assert_eq!(histogram_chart(&[("", &web)], &asked).x_axis.scale, Scale::Log);
    let with_zero = Recording::from_bins((0..100).map(|k| cell(f64::from(k), 5)).collect(), 0, 0);
    let counts = metric("C", "c", "FUNCTION", with_zero);
    assert_eq!(histogram_chart(&[("", &counts)], &asked).x_axis.scale, Scale::Linear);
}

fn cell(value: f64, count: u64) -> Bin {
    Bin { low: value, high: value, count }
}

#[test]
fn a_single_value_that_towers_over_the_rest_is_cut_and_named() {
    let chart = with_point_mass();
    assert!(chart.y_axis.high < 0.05, "{}", chart.y_axis.high);
    assert!(chart.series.iter().any(|mark| matches!(mark, Mark::Text { text, .. } if text.starts_with("up to 60"))));
}

#[test]
fn one_value_is_one_bin_around_it_with_one_marker() {
    let chart = histogram_chart(&[("", &constant("A", "always sixty", 60.0, 1000))], &DistributionOptions::default());
    let Mark::Area { points, .. } = &chart.series[0] else { panic!("expected an area first") };
    let full: Vec<f64> = points.iter().filter(|point| point.1 > 0.0).map(|point| point.0).collect();
    assert_eq!(full.len(), 2);
    assert!((full[0] + full[1] - 120.0).abs() < 1e-9, "{full:?}");
    let labels: Vec<&str> = chart.markers.iter().map(|marker| marker.label.as_str()).collect();
    assert_eq!(labels, ["p50, p95, p99 60 %"]);
}

#[test]
fn the_tail_of_a_list_of_values_goes_down_in_steps() {
    let list = Recording::from_bins(vec![cell(1.0, 500), cell(2.0, 400), cell(4.0, 100)], 0, 0);
    let chart = ccdf_chart(&[("", &metric("L", "l", "DATA", list))], &DistributionOptions::default());
    let Mark::Line { points, .. } = &chart.series[0] else { panic!("expected a line") };
    assert_eq!(points[..], [(1.0, 1.0), (1.0, 0.5), (2.0, 0.5), (2.0, 0.1), (4.0, 0.1), (4.0, 0.0)]);
}

#[test]
fn whole_numbers_fall_into_equal_bins() {
    let uniform = Recording::from_bins((0..1000).map(|k| cell(f64::from(k), 7)).collect(), 0, 0);
    let chart = histogram_chart(&[("", &metric("C", "c", "FUNCTION", uniform))], &DistributionOptions::default());
    let Mark::Area { points, .. } = &chart.series[0] else { panic!("expected an area first") };
    let mut heights: Vec<f64> = points.iter().map(|point| point.1).filter(|height| *height > 0.0).collect();
    heights.sort_by(f64::total_cmp);
    assert!(heights[heights.len() - 1] <= heights[heights.len() / 2] * 1.0001, "no bin stands out");
}

#[test]
fn odd_distributions_are_drawn_without_harm() {
    let odd = |bins: Vec<Bin>, below, above| {
        metric("X", "odd \u{1b}<&>\"", "FUNCTION", Recording::from_bins(bins, below, above))
    };
    let cauchy: Vec<Bin> =
        (1..2000).map(|k| (std::f64::consts::PI * (f64::from(k) / 2000.0 - 0.5)).tan()).map(|x| cell(x, 10)).collect();
    let cases = [
        broken(),
        constant("A", "always sixty", 60.0, 1000),
        odd(vec![cell(0.0, 3)], 0, 0),
        odd(vec![], 3, 4),
        odd(vec![cell(5.0, 3)], 10, 10),
        odd(vec![cell(-f64::MAX, 1), cell(f64::MAX, 1)], 0, 0),
        odd(vec![cell(f64::MIN_POSITIVE, 1), cell(f64::MAX, 1)], 0, 0),
        odd(vec![cell(5e-324, 1)], 0, 0),
        odd(vec![cell(1e15, 1), cell(1e15 + 2.0, 1)], 0, 0),
        odd(cauchy, 0, 0),
    ];
    for case in &cases {
        for chart in [
            histogram_chart(&[("one", case)], &DistributionOptions::default()),
            histogram_chart(&[("one", case), ("two", &cases[1])], &DistributionOptions::default()),
            ccdf_chart(&[("one", case)], &DistributionOptions::default()),
        ] {
            assert!(chart.x_axis.ticks.len() < 500);
            let (.., colors) = decode_png(&render(&chart, PlotFormat::Png, 400, 300).unwrap());
            assert!(colors > 2);
            let svg = String::from_utf8(render(&chart, PlotFormat::Svg, 400, 300).unwrap()).unwrap();
            assert!(svg.chars().all(|character| character == '\n' || !character.is_control()));
            assert_well_formed(&svg);
        }
    }
    let nothing = histogram_chart(&[], &DistributionOptions::default());
    assert_eq!(nothing.note, "there are no samples to show");
    let empty = bar_chart("", ("", None), &[], None, "");
    render(&empty, PlotFormat::Png, 200, 200).unwrap();
    render(&line_chart("", ("", None), ("", None), &[]), PlotFormat::Svg, 200, 200).unwrap();
}

#[test]
fn what_is_too_much_for_one_chart_is_left_out_and_said() {
    let one = storage_metric(1000, 0.6, 0.7);
    let broken = broken();
    let names: Vec<String> = (0..40).map(|k| format!("scenario with a long name, number {k}")).collect();
    let mut series: Vec<(&str, &MetricOutcome)> = names.iter().map(|name| (name.as_str(), &one)).collect();
    series.insert(0, ("broken", &broken));
    let chart = histogram_chart(&series, &DistributionOptions::default());
    assert_eq!(chart.legend.len(), 12);
    assert!(chart.note.ends_with("12 of 41 distributions are shown"), "{}", chart.note);
    decode_png(&render(&chart, PlotFormat::Png, 200, 200).unwrap());
    let bars: Vec<Bar> =
        (0..500).map(|k| Bar { name: format!("service {k}"), from: 0.0, to: f64::from(k), reference: None }).collect();
    let svg = render(&bar_chart("", ("share", None), &bars, None, ""), PlotFormat::Svg, 800, 600).unwrap();
    assert!(svg_texts(&String::from_utf8(svg).unwrap()).len() < 80);
}

#[test]
fn a_file_that_cannot_be_drawn_is_not_touched() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("chart.png");
    std::fs::write(&path, "old").unwrap();
    let too_large = PlotOptions { width: 100_000, ..PlotOptions::default() };
    assert!(matches!(draw(&three_modes(), &path, &too_large), Err(PlotError::Size { .. })));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "old");
    let unknown = draw(&three_modes(), &folder.path().join("chart.gif"), &PlotOptions::default()).unwrap_err();
    assert!(unknown.to_string().starts_with("expected a file name ending in .png or .svg, found `"));
    let missing = draw(&three_modes(), &folder.path().join("no/chart.png"), &PlotOptions::default());
    assert!(matches!(missing, Err(PlotError::Io { .. })));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    let named = PlotOptions { format: Some(PlotFormat::Svg), ..PlotOptions::default() };
    draw(&three_modes(), &path, &named).unwrap();
    assert!(std::fs::read_to_string(&path).unwrap().starts_with("<svg"));
}
