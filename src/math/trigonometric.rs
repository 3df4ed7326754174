//! Sine and cosine.

/// `1.5 * 2^52`: adding it rounds a small number to an integer, which then stands in the low bits.
const ROUNDER: f64 = 6_755_399_441_055_744.0;
const TURN: f64 = std::f64::consts::TAU;
/// What [`TURN`] lacks of `2 pi`.
const TURN_LOW: f64 = 2.449_293_598_294_706_4e-16;

/// Sine and cosine of `turns` turns, `(sin(2 pi u), cos(2 pi u))`.
///
/// # Parameters
/// - `turns`: `0 <= u < 1`; exact reduction holds for `|u| < 2^50`.
///
/// # Numerics
/// Error below 1 ulp; exact at multiples of a quarter turn. NaN and infinity give NaN.
///
/// # Source
/// Coefficients derived here by Remez's exchange in 400-bit arithmetic, relative error below 2e-19.
///
/// # Examples
/// ```
/// assert_eq!(tailcast::math::sin_cos_turns(0.25), (1.0, 0.0));
/// ```
#[inline(always)]
#[must_use]
pub fn sin_cos_turns(turns: f64) -> (f64, f64) {
    let rounded = turns.mul_add(4.0, ROUNDER);
    let quadrant = rounded.to_bits();
    // Exact: a fraction of a turn of at most an eighth, on the grid of `turns`.
    let r = (rounded - ROUNDER).mul_add(-0.25, turns);
    let z = r * r;
    let sin_tail = horner!(z;
        -41.341_702_240_399_76, 81.605_249_276_075_04, -76.705_859_753_042_92, 42.058_693_937_805_33,
        -15.094_641_279_494_123, 3.819_830_736_879_789, -0.712_443_863_694_719_6);
    let sine = r.mul_add(TURN, r * z.mul_add(sin_tail, TURN_LOW));
    let cosine = z.mul_add(
        horner!(z;
            -19.739_208_802_178_716, 64.939_394_022_668_24, -85.456_817_206_643_8, 60.244_641_352_701_784,
            -26.426_253_275_719_386, 7.903_206_897_853_682, -1.699_033_973_011_783_6),
        1.0,
    );
    turn_by_quadrants(quadrant, sine, cosine)
}

/// Sine and cosine after adding `quadrant mod 4` quarter turns to the angle.
#[inline(always)]
fn turn_by_quadrants(quadrant: u64, sine: f64, cosine: f64) -> (f64, f64) {
    let odd = quadrant & 1 != 0;
    let (sine, cosine) = if odd { (cosine, sine) } else { (sine, cosine) };
    let sine_sign = (quadrant & 2) << 62;
    let cosine_sign = (quadrant.wrapping_add(1) & 2) << 62;
    (f64::from_bits(sine.to_bits() ^ sine_sign), f64::from_bits(cosine.to_bits() ^ cosine_sign))
}
