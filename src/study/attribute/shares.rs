//! Shares of the tail: what each part of an output amounts to in the samples beyond a quantile and in all samples, and
//! how inputs and output go together.
//!
//! With the threshold `t` and the part `C` of the output `X`, the tail share is `s = E[C; X >= t] / E[X; X >= t]`. The
//! threshold is itself estimated, which moves the sums by what lies at it: with `m = E[C - s X | X = t]`, the influence of
//! a sample on `s` is `((C - s X - m) 1{X >= t} + m P(X >= t)) / E[X; X >= t]`, whose variance gives the interval.

use super::contribution::Decomposition;
use super::ranks::Ranks;
use crate::program::{BlockValues, Evaluator, Output, OutputBlock, Program};
use crate::recorder::Recording;
use crate::rng::BLOCK_LEN;
use crate::sim::BlockPlace;
use crate::study::interval::{Estimate, Z_975};
use crate::study::joint::{BlockSums, held, is_kept};

/// Samples that the rank correlation is computed from: enough for an error below 0.004, few enough to look each one up.
pub(super) const RANK_SAMPLES_MAX: u64 = 1 << 18;

/// Sums over all samples: samples, the output and its square; the same beyond the threshold; samples and the output near
/// the threshold; samples with ranks.
const WHOLE: usize = 0;
const TAIL: usize = 3;
const NEAR: usize = 6;
const RANKED: usize = 8;
/// Places of the sums over all samples.
const OUTPUT_SUMS: usize = 9;

/// Sums of a part: it, its square and its product with the output, over all samples and beyond the threshold; it near
/// the threshold.
const PART_SUMS: usize = 7;

/// Sums of an input: samples in which it is used, and of those beyond the threshold; its squared deviation and the
/// product of its deviation with the output's; ranks: output squared, input squared, product.
const INPUT_SUMS: usize = 7;

/// Samples in which each side of a conditional is taken: over all, beyond the threshold.
const BRANCH_SUMS: usize = 4;

/// The program of the shares and the places of its outputs.
pub(super) struct Shares {
    pub(super) program: Program,
    /// Parts, then intermediates.
    parts: usize,
    inputs: Vec<Option<InputOutputs>>,
    branches: usize,
    pub(super) tail: Tail,
    /// Mean of the output.
    mean: f64,
    ranks: Ranks,
}

struct InputOutputs {
    value: usize,
    used: usize,
    mean: f64,
    ranks: Ranks,
}

/// The samples beyond a quantile.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tail {
    /// Smallest value of the tail: the lower end of the recorded cell of the quantile.
    pub(super) from: f64,
    /// Neighbourhood of the quantile.
    pub(super) near: (f64, f64),
}

impl Tail {
    /// Tail of a recording beyond `q`; `None` without samples.
    pub(super) fn of(recording: &Recording, q: f64) -> Option<Self> {
        let value = recording.quantile(q).value?;
        let cell = recording.bins().find(|bin| bin.high >= value);
        let reach = 0.25 * q.min(1.0 - q);
        let near = (recording.quantile(q - reach).value?, recording.quantile(q + reach).value?);
        Some(Self { from: cell.map_or(value, |cell| cell.low.min(value)), near })
    }
}

impl Shares {
    /// Program of a decomposition.
    ///
    /// # Shape
    /// `recordings` has one entry a part, for inputs.
    pub(super) fn new(
        decomposition: &Decomposition,
        output: &Recording,
        recordings: &[Option<&Recording>],
        tail: Tail,
    ) -> Self {
        let plain = |value| Output { value, keep: None };
        let mut outputs = vec![decomposition.output];
        outputs.extend(decomposition.parts.iter().map(|part| plain(part.contribution)));
        outputs.extend(decomposition.intermediates.iter().map(|(_, part)| plain(*part)));
        let parts = outputs.len() - 1;
        for fork in &decomposition.branches {
            outputs.extend([plain(fork.then), plain(fork.otherwise)]);
        }
        let mut inputs = Vec::new();
        for (part, recording) in decomposition.parts.iter().zip(recordings) {
            inputs.push(part.input.zip(*recording).map(|(input, recording)| {
                outputs.extend([input, plain(part.used)]);
                let mean = recording.moments().mean().unwrap_or(0.0);
                let (value, used) = (outputs.len() - 2, outputs.len() - 1);
                InputOutputs { value, used, mean, ranks: Ranks::of(recording) }
            }));
        }
        Self {
            program: Program::holding(decomposition.graph.clone(), outputs),
            parts,
            inputs,
            branches: decomposition.branches.len(),
            tail,
            mean: output.moments().mean().unwrap_or(0.0),
            ranks: Ranks::of(output),
        }
    }

    fn branch_start(&self) -> usize {
        OUTPUT_SUMS + self.parts * PART_SUMS
    }

    fn input_start(&self) -> usize {
        self.branch_start() + self.branches * BRANCH_SUMS
    }

    /// Samples of the output that count.
    pub(super) fn samples(&self, sums: &[f64]) -> u64 {
        sums[WHOLE] as u64
    }

    /// Those of them beyond the threshold.
    pub(super) fn tail_samples(&self, sums: &[f64]) -> u64 {
        sums[TAIL] as u64
    }

    /// What the sums say about part `at`.
    pub(super) fn share(&self, sums: &[f64], at: usize) -> PartShare {
        let part = &sums[OUTPUT_SUMS + at * PART_SUMS..][..PART_SUMS];
        let (n, whole, squares) = (sums[WHOLE], sums[WHOLE + 1], sums[WHOLE + 2]);
        let overall = Estimate::ratio(part[0], whole, [part[1], part[2], squares]);
        let (tail_count, tail_sum, tail_squares) = (sums[TAIL], sums[TAIL + 1], sums[TAIL + 2]);
        let share = part[3] / tail_sum;
        let at_threshold = (part[6] - share * sums[NEAR + 1]) / sums[NEAR].max(1.0);
        let spread = part[4] - 2.0 * share * part[5] + share * share * tail_squares;
        let centre = tail_count * at_threshold / n;
        let variance = (spread + tail_count * at_threshold * at_threshold) / n - centre * centre;
        let half = Z_975 * (variance.max(0.0) * n).sqrt() / tail_sum.abs();
        let tail = share.is_finite().then(|| Estimate::symmetric(share, half));
        PartShare { overall, tail }
    }

    /// What the sums say about the conditional `at`: shares of samples in which its first side and its second are taken,
    /// each over all samples and beyond the threshold.
    pub(super) fn branch(&self, sums: &[f64], at: usize) -> [(f64, f64); 2] {
        let branch = &sums[self.branch_start() + at * BRANCH_SUMS..][..BRANCH_SUMS];
        let share = |place: usize| (branch[place] / sums[WHOLE], branch[place + 2] / sums[TAIL]);
        [share(0), share(1)]
    }

    /// What the sums say about the input of part `at`; `None` if it is none.
    pub(super) fn input(&self, sums: &[f64], at: usize) -> Option<InputFigures> {
        self.inputs[at].as_ref()?;
        let place = self.inputs[..at].iter().flatten().count();
        let figures = &sums[self.input_start() + place * INPUT_SUMS..][..INPUT_SUMS];
        // Deviations are from the means of the same samples, so that their sums are 0 but for rounding.
        let output = sums[WHOLE + 2] - sums[WHOLE + 1] * sums[WHOLE + 1] / sums[WHOLE];
        let r_squared = figures[3] * figures[3] / (figures[2] * output);
        let correlation = figures[6] / (figures[4] * figures[5]).sqrt();
        let error = ((1.0 + correlation * correlation / 2.0) / (sums[RANKED] - 3.0)).sqrt();
        Some(InputFigures {
            used: figures[0] / sums[WHOLE],
            used_in_tail: figures[1] / sums[TAIL],
            r_squared: Some(r_squared.min(1.0)).filter(|r| r.is_finite()),
            rank_correlation: correlation.is_finite().then(|| {
                // Fisher's transformation keeps the interval within -1 and 1.
                let z = correlation.clamp(-1.0 + 1e-15, 1.0 - 1e-15).atanh();
                let end = |half: f64| Some((z + half).tanh());
                Estimate { value: correlation, low: end(-Z_975 * error), high: end(Z_975 * error) }
            }),
        })
    }
}

/// Shares of a part.
pub(super) struct PartShare {
    pub(super) overall: Option<Estimate>,
    pub(super) tail: Option<Estimate>,
}

/// How an input goes together with the output.
pub(super) struct InputFigures {
    pub(super) used: f64,
    pub(super) used_in_tail: f64,
    pub(super) r_squared: Option<f64>,
    pub(super) rank_correlation: Option<Estimate>,
}

/// Samples of the output that count: finite and not filtered.
fn counted(output: &OutputBlock<'_>, len: usize) -> [bool; BLOCK_LEN] {
    let mut counted = [false; BLOCK_LEN];
    for (lane, counted) in counted.iter_mut().enumerate().take(len) {
        *counted = is_kept(output, lane) && output.value.at(lane).is_finite();
    }
    counted
}

impl BlockSums for Shares {
    fn len(&self) -> usize {
        self.input_start() + self.inputs.iter().flatten().count() * INPUT_SUMS
    }

    fn add(&self, evaluator: &Evaluator<'_>, place: BlockPlace, sums: &mut [f64]) {
        let output = held(evaluator, 0);
        let counted = counted(&output, place.len);
        let lanes = || (0..place.len).filter(|&lane| counted[lane]);
        let x = |lane: usize| output.value.at(lane);
        let is_tail = |lane: usize| x(lane) >= self.tail.from;
        let is_near = |lane: usize| x(lane) >= self.tail.near.0 && x(lane) <= self.tail.near.1;
        let (totals, rest) = sums.split_at_mut(OUTPUT_SUMS);
        for lane in lanes() {
            let x = x(lane);
            for (at, value) in [1.0, x, x * x].into_iter().enumerate() {
                totals[WHOLE + at] += value;
                totals[TAIL + at] += if is_tail(lane) { value } else { 0.0 };
            }
            if is_near(lane) {
                totals[NEAR] += 1.0;
                totals[NEAR + 1] += x;
            }
        }
        let (parts, rest) = rest.split_at_mut(self.parts * PART_SUMS);
        for (at, sums) in parts.chunks_exact_mut(PART_SUMS).enumerate() {
            let part = held(evaluator, 1 + at).value;
            for lane in lanes() {
                add_part(sums, part.at(lane), x(lane), is_tail(lane), is_near(lane));
            }
        }
        let (branches, inputs) = rest.split_at_mut(self.branches * BRANCH_SUMS);
        for (at, sums) in branches.chunks_exact_mut(BRANCH_SUMS).enumerate() {
            let first = 1 + self.parts + 2 * at;
            let sides = [held(evaluator, first).value, held(evaluator, first + 1).value];
            for lane in lanes() {
                for (side, values) in sides.iter().enumerate() {
                    sums[side] += values.at(lane);
                    sums[side + 2] += if is_tail(lane) { values.at(lane) } else { 0.0 };
                }
            }
        }
        let ranked = place.first_sample < RANK_SAMPLES_MAX;
        let ranks: Vec<f64> =
            if ranked { lanes().map(|lane| self.ranks.centred(x(lane))).collect() } else { Vec::new() };
        totals[RANKED] += ranks.len() as f64;
        for (input, sums) in self.inputs.iter().flatten().zip(inputs.chunks_exact_mut(INPUT_SUMS)) {
            let (value, used) = (held(evaluator, input.value).value, held(evaluator, input.used).value);
            self.add_input(input, sums, (value, used), (&ranks, &x), lanes());
        }
    }
}

fn add_part(sums: &mut [f64], part: f64, x: f64, is_tail: bool, is_near: bool) {
    for (at, value) in [part, part * part, part * x].into_iter().enumerate() {
        sums[at] += value;
        sums[at + 3] += if is_tail { value } else { 0.0 };
    }
    sums[6] += if is_near { part } else { 0.0 };
}

impl Shares {
    fn add_input(
        &self,
        input: &InputOutputs,
        sums: &mut [f64],
        (value, used): (BlockValues<'_>, BlockValues<'_>),
        (ranks, x): (&[f64], &dyn Fn(usize) -> f64),
        lanes: impl Iterator<Item = usize>,
    ) {
        for (at, lane) in lanes.enumerate() {
            let used = f64::from(u8::from(used.at(lane) != 0.0));
            sums[0] += used;
            sums[1] += if x(lane) >= self.tail.from { used } else { 0.0 };
            let value = value.at(lane);
            let deviation = value - input.mean;
            if deviation.is_finite() {
                sums[2] += deviation * deviation;
                sums[3] += deviation * (x(lane) - self.mean);
            }
            if let Some(&rank) = ranks.get(at) {
                let other = input.ranks.centred(value);
                sums[4] += rank * rank;
                sums[5] += other * other;
                sums[6] += rank * other;
            }
        }
    }
}
