//! Parameters as columns, and the loops that apply one kernel to a column of draws.
//!
//! A parameter is a [`Column`]: one value for all lanes, one value a lane, or a rule over other columns. Each sampler
//! is written once, generic over its columns and over the [`Engine`] that runs its loops, so that constant and varying
//! parameters, and the fast and the slow path, give the same bits by construction. Nothing here knows a distribution.

use crate::math::vectorised;
use crate::rng::BlockRng;

use super::standard::box_muller;

/// Lanes handled together where a sampler needs scratch space, so that scratch stays on the stack.
pub(crate) const CHUNK: usize = 256;

/// One parameter of a draw, read lane by lane.
pub(crate) trait Column: Copy {
    /// Value in lane `index`.
    fn lane(self, index: usize) -> f64;

    /// The `len` lanes from `start` on.
    fn part(self, start: usize, len: usize) -> Self;
}

impl Column for f64 {
    #[inline(always)]
    fn lane(self, _index: usize) -> f64 {
        self
    }

    #[inline(always)]
    fn part(self, _start: usize, _len: usize) -> Self {
        self
    }
}

impl Column for &[f64] {
    #[inline(always)]
    fn lane(self, index: usize) -> f64 {
        self[index]
    }

    #[inline(always)]
    fn part(self, start: usize, len: usize) -> Self {
        &self[start..start + len]
    }
}

/// The mean of two columns: the mode that Guesstimate supplies where none is given.
#[derive(Clone, Copy)]
pub(crate) struct Midpoint<L, H>(pub(crate) L, pub(crate) H);

impl<L: Column, H: Column> Column for Midpoint<L, H> {
    #[inline(always)]
    fn lane(self, index: usize) -> f64 {
        f64::midpoint(self.0.lane(index), self.1.lane(index))
    }

    #[inline(always)]
    fn part(self, start: usize, len: usize) -> Self {
        Self(self.0.part(start, len), self.1.part(start, len))
    }
}

/// Half of a column: degrees of freedom as the shape of a gamma draw.
#[derive(Clone, Copy)]
pub(crate) struct Halved<C>(pub(crate) C);

impl<C: Column> Column for Halved<C> {
    #[inline(always)]
    fn lane(self, index: usize) -> f64 {
        0.5 * self.0.lane(index)
    }

    #[inline(always)]
    fn part(self, start: usize, len: usize) -> Self {
        Self(self.0.part(start, len))
    }
}

/// Arithmetic of one lane: pure, straight-line, inlined into the loop of each instruction set.
///
/// A type and not a closure: the compiler keeps the body of a large closure out of line, where it has neither the
/// vectors nor the fused multiply-add of the instruction set.
pub(crate) trait Kernel<Arguments> {
    /// The lane's new value, from its old one and its parameters.
    fn apply(arguments: Arguments) -> f64;
}

/// Arithmetic of one lane that draws further words, lane after lane.
pub(crate) trait DrawKernel {
    /// The lane's new value, from its old one and its two parameters.
    fn apply(rng: &mut BlockRng, value: f64, a: f64, b: f64) -> f64;
}

/// Declares a kernel type for an inlined function: `kernel!(Type = function(value, parameters))`.
macro_rules! kernel {
    ($type:ident = $function:ident($($argument:ident),+)) => {
        struct $type;

        impl $crate::dist::column::Kernel<($(kernel!(@number $argument),)+)> for $type {
            #[inline(always)]
            fn apply(($($argument,)+): ($(kernel!(@number $argument),)+)) -> f64 {
                $function($($argument),+)
            }
        }
    };
    (@number $argument:ident) => { f64 };
}
pub(crate) use kernel;

/// How a loop over lanes is run. Each `map` replaces `out[i]` by the kernel of `out[i]`, `a[i]` and so on.
pub(crate) trait Engine {
    /// Numbers in [0, 1), one word a lane.
    fn unit(rng: &mut BlockRng, out: &mut [f64]);
    /// Numbers in (0, 1), one word a lane.
    fn open(rng: &mut BlockRng, out: &mut [f64]);
    /// Applies a kernel of the draw and one column.
    fn map1<K: Kernel<(f64, f64)>, A: Column>(out: &mut [f64], a: A);
    /// Applies a kernel of the draw and two columns.
    fn map2<K: Kernel<(f64, f64, f64)>, A: Column, B: Column>(out: &mut [f64], a: A, b: B);
    /// Applies a kernel of the draw and three columns.
    fn map3<K: Kernel<(f64, f64, f64, f64)>, A: Column, B: Column, C: Column>(out: &mut [f64], a: A, b: B, c: C);
    /// Applies a kernel that draws further words.
    fn draw2<K: DrawKernel, A: Column, B: Column>(rng: &mut BlockRng, out: &mut [f64], a: A, b: B);
    /// Turns pairs of numbers in (0, 1) into pairs of standard normals.
    fn normal_pairs(first: &mut [f64], second: &mut [f64]);
}

/// Vector loops, compiled for several instruction sets and chosen at run time.
pub(crate) struct Fast;

/// The slow twin: one lane at a time, each word drawn by itself.
pub(crate) struct Reference;

/// The body of a loop over lanes.
macro_rules! each_lane {
    ($kernel:ident, $out:ident, $($column:ident),+) => {
        let len = $out.len();
        // Equal lengths, seen by the compiler, leave no check in the loop.
        $(let $column = $column.part(0, len);)+
        for index in 0..len {
            $out[index] = $kernel::apply(($out[index], $($column.lane(index)),+));
        }
    };
}

/// The body of a loop over lanes that draw.
macro_rules! each_drawn_lane {
    ($kernel:ident, $rng:ident, $out:ident, $a:ident, $b:ident) => {
        for (index, value) in $out.iter_mut().enumerate() {
            *value = $kernel::apply($rng, *value, $a.lane(index), $b.lane(index));
        }
    };
}

vectorised! {
    fn loop1<K: Kernel<(f64, f64)>, A: Column>(out: &mut [f64], a: A) {
        each_lane!(K, out, a);
    }
}

vectorised! {
    fn loop2<K: Kernel<(f64, f64, f64)>, A: Column, B: Column>(out: &mut [f64], a: A, b: B) {
        each_lane!(K, out, a, b);
    }
}

vectorised! {
    fn loop3<K: Kernel<(f64, f64, f64, f64)>, A: Column, B: Column, C: Column>(out: &mut [f64], a: A, b: B, c: C) {
        each_lane!(K, out, a, b, c);
    }
}

vectorised! {
    /// Scalar, yet with the fused multiply-add of the instruction set.
    fn loop_draw2<K: DrawKernel, A: Column, B: Column>(rng: &mut BlockRng, out: &mut [f64], a: A, b: B) {
        each_drawn_lane!(K, rng, out, a, b);
    }
}

vectorised! {
    fn loop_normal_pairs(first: &mut [f64], second: &mut [f64]) {
        for (x, y) in first.iter_mut().zip(second) {
            (*x, *y) = box_muller(*x, *y);
        }
    }
}

impl Engine for Fast {
    fn unit(rng: &mut BlockRng, out: &mut [f64]) {
        rng.fill_unit(out);
    }

    fn open(rng: &mut BlockRng, out: &mut [f64]) {
        rng.fill_open(out);
    }

    fn map1<K: Kernel<(f64, f64)>, A: Column>(out: &mut [f64], a: A) {
        loop1::<K, A>(out, a);
    }

    fn map2<K: Kernel<(f64, f64, f64)>, A: Column, B: Column>(out: &mut [f64], a: A, b: B) {
        loop2::<K, A, B>(out, a, b);
    }

    fn map3<K: Kernel<(f64, f64, f64, f64)>, A: Column, B: Column, C: Column>(out: &mut [f64], a: A, b: B, c: C) {
        loop3::<K, A, B, C>(out, a, b, c);
    }

    fn draw2<K: DrawKernel, A: Column, B: Column>(rng: &mut BlockRng, out: &mut [f64], a: A, b: B) {
        loop_draw2::<K, A, B>(rng, out, a, b);
    }

    fn normal_pairs(first: &mut [f64], second: &mut [f64]) {
        loop_normal_pairs(first, second);
    }
}

impl Engine for Reference {
    fn unit(rng: &mut BlockRng, out: &mut [f64]) {
        out.chunks_mut(1).for_each(|lane| rng.fill_unit(lane));
    }

    fn open(rng: &mut BlockRng, out: &mut [f64]) {
        out.chunks_mut(1).for_each(|lane| rng.fill_open(lane));
    }

    fn map1<K: Kernel<(f64, f64)>, A: Column>(out: &mut [f64], a: A) {
        each_lane!(K, out, a);
    }

    fn map2<K: Kernel<(f64, f64, f64)>, A: Column, B: Column>(out: &mut [f64], a: A, b: B) {
        each_lane!(K, out, a, b);
    }

    fn map3<K: Kernel<(f64, f64, f64, f64)>, A: Column, B: Column, C: Column>(out: &mut [f64], a: A, b: B, c: C) {
        each_lane!(K, out, a, b, c);
    }

    fn draw2<K: DrawKernel, A: Column, B: Column>(rng: &mut BlockRng, out: &mut [f64], a: A, b: B) {
        each_drawn_lane!(K, rng, out, a, b);
    }

    fn normal_pairs(first: &mut [f64], second: &mut [f64]) {
        for (x, y) in first.iter_mut().zip(second) {
            (*x, *y) = box_muller(*x, *y);
        }
    }
}
