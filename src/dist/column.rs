//! Parameters as columns, and the loops that apply one kernel to a column of draws.
//!
//! A parameter is a [`Column`]: one value for all lanes, one value a lane, or a rule over other columns. Each sampler is
//! written once, generic over its columns and over the [`Engine`] that runs its loops, so that constant and varying
//! parameters, and the fast and the slow path, give the same bits by construction. Nothing here knows a distribution.

use crate::math::vectorised;
use crate::rng::BlockRng;

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

/// How a loop over lanes is run. Each `map` replaces `out[i]` by `kernel(out[i], a[i], …)`.
///
/// Kernels are pure and marked `#[inline(always)]`, so that they become part of the loop of each instruction set.
pub(crate) trait Engine {
    /// Numbers in [0, 1), one word a lane.
    fn unit(rng: &mut BlockRng, out: &mut [f64]);
    /// Numbers in (0, 1), one word a lane.
    fn open(rng: &mut BlockRng, out: &mut [f64]);
    /// Applies a kernel of the draw and one column.
    fn map1<K: Fn(f64, f64) -> f64, A: Column>(kernel: K, out: &mut [f64], a: A);
    /// Applies a kernel of the draw and two columns.
    fn map2<K: Fn(f64, f64, f64) -> f64, A: Column, B: Column>(kernel: K, out: &mut [f64], a: A, b: B);
    /// Applies a kernel of the draw and three columns.
    fn map3<K, A, B, C>(kernel: K, out: &mut [f64], columns: (A, B, C))
    where
        K: Fn(f64, f64, f64, f64) -> f64,
        A: Column,
        B: Column,
        C: Column;
    /// Applies a kernel that draws further words, lane after lane: `out[i] = kernel(rng, out[i], a[i], b[i])`.
    fn draw2<K, A: Column, B: Column>(kernel: K, rng: &mut BlockRng, out: &mut [f64], a: A, b: B)
    where
        K: Fn(&mut BlockRng, f64, f64, f64) -> f64;
    /// Applies a kernel that turns pairs into pairs, of which each half of `out` holds one part.
    fn pairs<K: Fn(f64, f64) -> (f64, f64)>(kernel: K, first: &mut [f64], second: &mut [f64]);
}

/// Vector loops, compiled for several instruction sets and chosen at run time.
pub(crate) struct Fast;

/// The slow twin: one lane at a time, each word drawn by itself.
pub(crate) struct Reference;

/// One loop over lanes with `$column` columns, for every instruction set.
macro_rules! lane_loop {
    ($name:ident, ($($type:ident $column:ident),*), ($($argument:ty),*)) => {
        vectorised! {
            fn $name<K: Fn($($argument),*) -> f64, $($type: Column),*>(kernel: K, out: &mut [f64], $($column: $type),*) {
                let len = out.len();
                $(let $column = $column.part(0, len);)*
                for index in 0..len {
                    out[index] = kernel(out[index], $($column.lane(index)),*);
                }
            }
        }
    };
}

lane_loop!(loop1, (A a), (f64, f64));
lane_loop!(loop2, (A a, B b), (f64, f64, f64));
lane_loop!(loop3, (A a, B b, C c), (f64, f64, f64, f64));

vectorised! {
    /// Scalar, yet with the fused multiply-add of the instruction set.
    fn loop_draw2<K, A: Column, B: Column>(kernel: K, rng: &mut BlockRng, out: &mut [f64], a: A, b: B)
    where
        K: Fn(&mut BlockRng, f64, f64, f64) -> f64,
    {
        for (index, value) in out.iter_mut().enumerate() {
            *value = kernel(rng, *value, a.lane(index), b.lane(index));
        }
    }
}

vectorised! {
    fn loop_pairs<K: Fn(f64, f64) -> (f64, f64)>(kernel: K, first: &mut [f64], second: &mut [f64]) {
        for (x, y) in first.iter_mut().zip(second) {
            (*x, *y) = kernel(*x, *y);
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

    fn map1<K: Fn(f64, f64) -> f64, A: Column>(kernel: K, out: &mut [f64], a: A) {
        loop1(kernel, out, a);
    }

    fn map2<K: Fn(f64, f64, f64) -> f64, A: Column, B: Column>(kernel: K, out: &mut [f64], a: A, b: B) {
        loop2(kernel, out, a, b);
    }

    fn map3<K, A, B, C>(kernel: K, out: &mut [f64], (a, b, c): (A, B, C))
    where
        K: Fn(f64, f64, f64, f64) -> f64,
        A: Column,
        B: Column,
        C: Column,
    {
        loop3(kernel, out, a, b, c);
    }

    fn draw2<K, A: Column, B: Column>(kernel: K, rng: &mut BlockRng, out: &mut [f64], a: A, b: B)
    where
        K: Fn(&mut BlockRng, f64, f64, f64) -> f64,
    {
        loop_draw2(kernel, rng, out, a, b);
    }

    fn pairs<K: Fn(f64, f64) -> (f64, f64)>(kernel: K, first: &mut [f64], second: &mut [f64]) {
        loop_pairs(kernel, first, second);
    }
}

impl Engine for Reference {
    fn unit(rng: &mut BlockRng, out: &mut [f64]) {
        out.chunks_mut(1).for_each(|lane| rng.fill_unit(lane));
    }

    fn open(rng: &mut BlockRng, out: &mut [f64]) {
        out.chunks_mut(1).for_each(|lane| rng.fill_open(lane));
    }

    fn map1<K: Fn(f64, f64) -> f64, A: Column>(kernel: K, out: &mut [f64], a: A) {
        for (index, value) in out.iter_mut().enumerate() {
            *value = kernel(*value, a.lane(index));
        }
    }

    fn map2<K: Fn(f64, f64, f64) -> f64, A: Column, B: Column>(kernel: K, out: &mut [f64], a: A, b: B) {
        for (index, value) in out.iter_mut().enumerate() {
            *value = kernel(*value, a.lane(index), b.lane(index));
        }
    }

    fn map3<K, A, B, C>(kernel: K, out: &mut [f64], (a, b, c): (A, B, C))
    where
        K: Fn(f64, f64, f64, f64) -> f64,
        A: Column,
        B: Column,
        C: Column,
    {
        for (index, value) in out.iter_mut().enumerate() {
            *value = kernel(*value, a.lane(index), b.lane(index), c.lane(index));
        }
    }

    fn draw2<K, A: Column, B: Column>(kernel: K, rng: &mut BlockRng, out: &mut [f64], a: A, b: B)
    where
        K: Fn(&mut BlockRng, f64, f64, f64) -> f64,
    {
        for (index, value) in out.iter_mut().enumerate() {
            *value = kernel(rng, *value, a.lane(index), b.lane(index));
        }
    }

    fn pairs<K: Fn(f64, f64) -> (f64, f64)>(kernel: K, first: &mut [f64], second: &mut [f64]) {
        for (x, y) in first.iter_mut().zip(second) {
            (*x, *y) = kernel(*x, *y);
        }
    }
}
