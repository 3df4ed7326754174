//! Complex numbers of formulas: what `sqrt(-1)` is.
//!
//! Principal branches and the signs of zeros follow complex.js, which Guesstimate's formulas are evaluated with. It does
//! not aim at the last bit far from the unit circle.

use std::f64::consts::{FRAC_PI_2, LN_2, LN_10, PI};
use std::ops::{Add, Mul, Neg, Sub};

/// A complex number `re + im i`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Complex {
    /// Real part.
    pub re: f64,
    /// Imaginary part.
    pub im: f64,
}

/// Logarithm of the modulus, without overflow for large parts.
fn log_modulus(re: f64, im: f64) -> f64 {
    let (a, b) = (re.abs(), im.abs());
    if re == 0.0 {
        b.ln()
    } else if im == 0.0 {
        a.ln()
    } else if a < 3000.0 && b < 3000.0 {
        0.5 * (a * a + b * b).ln()
    } else {
        let (a, b) = (0.5 * a, 0.5 * b);
        0.5 * (a * a + b * b).ln() + LN_2
    }
}

impl Complex {
    /// The number `re + im i`.
    #[must_use]
    pub const fn new(re: f64, im: f64) -> Self {
        Self { re, im }
    }

    /// A real number as a complex one.
    #[must_use]
    pub const fn real(re: f64) -> Self {
        Self { re, im: 0.0 }
    }

    /// Whether both parts are zero.
    #[must_use]
    pub fn is_zero(self) -> bool {
        self.re == 0.0 && self.im == 0.0
    }

    /// Whether a part is not a number.
    #[must_use]
    pub const fn is_nan(self) -> bool {
        self.re.is_nan() || self.im.is_nan()
    }

    /// Modulus.
    #[must_use]
    pub fn abs(self) -> f64 {
        self.re.hypot(self.im)
    }

    /// Argument, in `(-pi, pi]`.
    #[must_use]
    pub fn arg(self) -> f64 {
        self.im.atan2(self.re)
    }

    /// Complex conjugate.
    #[must_use]
    pub fn conj(self) -> Self {
        Self::new(self.re, -self.im)
    }

    /// Quotient; division by zero is infinite, and `0 / 0` is not a number.
    #[must_use]
    pub fn divide(self, other: Self) -> Self {
        if other.im == 0.0 {
            if other.re == 0.0 {
                let (re, im) = (self.re / 0.0, self.im / 0.0);
                return if self.is_zero() || self.is_nan() {
                    Self::new(f64::NAN, f64::NAN)
                } else {
                    Self::new(if re.is_nan() { f64::INFINITY } else { re }, if im.is_nan() { 0.0 } else { im })
                };
            }
            return Self::new(self.re / other.re, self.im / other.re);
        }
        if other.re.abs() < other.im.abs() {
            let ratio = other.re / other.im;
            let scale = other.re * ratio + other.im;
            return Self::new((self.re * ratio + self.im) / scale, (self.im * ratio - self.re) / scale);
        }
        let ratio = other.im / other.re;
        let scale = other.im * ratio + other.re;
        Self::new((self.re + self.im * ratio) / scale, (self.im - self.re * ratio) / scale)
    }

    /// Reciprocal; that of zero is infinite.
    fn reciprocal(self) -> Self {
        let square = self.re * self.re + self.im * self.im;
        if square == 0.0 { Self::new(f64::INFINITY, 0.0) } else { Self::new(self.re / square, -self.im / square) }
    }

    /// Principal square root.
    #[must_use]
    pub fn sqrt(self) -> Self {
        if self.im == 0.0 {
            return if self.re >= 0.0 { Self::new(self.re.sqrt(), 0.0) } else { Self::new(0.0, (-self.re).sqrt()) };
        }
        let modulus = self.abs();
        let re = if self.re >= 0.0 {
            (0.5 * (modulus + self.re)).sqrt()
        } else {
            self.im.abs() / (2.0 * (modulus - self.re)).sqrt()
        };
        let im = if self.re <= 0.0 {
            (0.5 * (modulus - self.re)).sqrt()
        } else {
            self.im.abs() / (2.0 * (modulus + self.re)).sqrt()
        };
        Self::new(re, if self.im < 0.0 { -im } else { im })
    }

    /// Principal cube root.
    #[must_use]
    pub fn cbrt(self) -> Self {
        Self::from_polar(self.abs().cbrt(), self.arg() / 3.0)
    }

    /// The number of that modulus and argument.
    #[must_use]
    pub fn from_polar(modulus: f64, argument: f64) -> Self {
        Self::new(modulus * argument.cos(), modulus * argument.sin())
    }

    /// Exponential.
    #[must_use]
    pub fn exp(self) -> Self {
        Self::from_polar(self.re.exp(), self.im)
    }

    /// `exp(z) - 1`.
    #[must_use]
    pub fn expm1(self) -> Self {
        let half = (0.5 * self.im).sin();
        Self::new(self.re.exp_m1() * self.im.cos() - 2.0 * half * half, self.re.exp() * self.im.sin())
    }

    /// Natural logarithm.
    #[must_use]
    pub fn ln(self) -> Self {
        Self::new(log_modulus(self.re, self.im), self.arg())
    }

    /// `ln(1 + z)`.
    #[must_use]
    pub fn ln_1p(self) -> Self {
        let re = self.re + 1.0;
        Self::new((re * re + self.im * self.im).sqrt().ln(), self.im.atan2(re))
    }

    /// Logarithm of base 10.
    #[must_use]
    pub fn log10(self) -> Self {
        let log = self.ln();
        Self::new(log.re / LN_10, log.im / LN_10)
    }

    /// Logarithm of base 2.
    #[must_use]
    pub fn log2(self) -> Self {
        Self::new((self.re * self.re + self.im * self.im).sqrt().log2(), self.arg() / LN_2)
    }

    /// Power; anything to the power of zero is 1.
    #[must_use]
    pub fn pow(self, exponent: Self) -> Self {
        if exponent.is_zero() {
            return Self::real(1.0);
        }
        if exponent.im == 0.0 {
            if self.im == 0.0 && self.re > 0.0 {
                return Self::real(self.re.powf(exponent.re));
            }
            if self.re == 0.0 {
                let power = self.im.powf(exponent.re);
                let quarter = exponent.re.rem_euclid(4.0);
                if quarter == 0.0 {
                    return Self::real(power);
                } else if quarter == 1.0 {
                    return Self::new(0.0, power);
                } else if quarter == 2.0 {
                    return Self::real(-power);
                } else if quarter == 3.0 {
                    return Self::new(0.0, -power);
                }
            }
        }
        if self.is_zero() && exponent.re > 0.0 {
            return Self::real(0.0);
        }
        let (argument, log) = (self.arg(), log_modulus(self.re, self.im));
        let modulus = (exponent.re * log - exponent.im * argument).exp();
        Self::from_polar(modulus, exponent.im * log + exponent.re * argument)
    }

    /// Number of modulus 1 in the same direction; zero stays zero.
    #[must_use]
    pub fn sign(self) -> Self {
        let modulus = self.abs();
        if modulus == 0.0 { self } else { Self::new(self.re / modulus, self.im / modulus) }
    }
}

impl Add for Complex {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self::new(self.re + other.re, self.im + other.im)
    }
}

impl Sub for Complex {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self::new(self.re - other.re, self.im - other.im)
    }
}

impl Mul for Complex {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        if self.im == 0.0 && other.im == 0.0 {
            return Self::real(self.re * other.re);
        }
        Self::new(self.re * other.re - self.im * other.im, self.re * other.im + self.im * other.re)
    }
}

impl Neg for Complex {
    type Output = Self;
    fn neg(self) -> Self {
        Self::new(-self.re, -self.im)
    }
}

/// Trigonometric and hyperbolic functions and their inverses.
impl Complex {
    /// Sine.
    #[must_use]
    pub fn sin(self) -> Self {
        Self::new(self.re.sin() * self.im.cosh(), self.re.cos() * self.im.sinh())
    }

    /// Cosine.
    #[must_use]
    pub fn cos(self) -> Self {
        Self::new(self.re.cos() * self.im.cosh(), -self.re.sin() * self.im.sinh())
    }

    /// Tangent.
    #[must_use]
    pub fn tan(self) -> Self {
        let (a, b) = (2.0 * self.re, 2.0 * self.im);
        let scale = a.cos() + b.cosh();
        Self::new(a.sin() / scale, b.sinh() / scale)
    }

    /// Secant.
    #[must_use]
    pub fn sec(self) -> Self {
        let scale = 0.5 * (2.0 * self.im).cosh() + 0.5 * (2.0 * self.re).cos();
        Self::new(self.re.cos() * self.im.cosh() / scale, self.re.sin() * self.im.sinh() / scale)
    }

    /// Cosecant.
    #[must_use]
    pub fn csc(self) -> Self {
        let scale = 0.5 * (2.0 * self.im).cosh() - 0.5 * (2.0 * self.re).cos();
        Self::new(self.re.sin() * self.im.cosh() / scale, -self.re.cos() * self.im.sinh() / scale)
    }

    /// Cotangent.
    #[must_use]
    pub fn cot(self) -> Self {
        let (a, b) = (2.0 * self.re, 2.0 * self.im);
        let scale = a.cos() - b.cosh();
        Self::new(-a.sin() / scale, b.sinh() / scale)
    }

    /// Inverse sine: `-i ln(z i + sqrt(1 - z^2))`.
    #[must_use]
    pub fn asin(self) -> Self {
        let log = self.log_of_rotation();
        Self::new(log.im, -log.re)
    }

    /// Inverse cosine: `pi / 2 - asin z`.
    #[must_use]
    pub fn acos(self) -> Self {
        let log = self.log_of_rotation();
        Self::new(FRAC_PI_2 - log.im, log.re)
    }

    /// `ln(z i + sqrt(1 - z^2))`.
    fn log_of_rotation(self) -> Self {
        let (a, b) = (self.re, self.im);
        let root = Self::new(b * b - a * a + 1.0, -2.0 * a * b).sqrt();
        Self::new(root.re - b, root.im + a).ln()
    }

    /// Inverse tangent.
    #[must_use]
    pub fn atan(self) -> Self {
        let (a, b) = (self.re, self.im);
        if a == 0.0 && b.abs() == 1.0 {
            return Self::new(0.0, b * f64::INFINITY);
        }
        let scale = a * a + (1.0 - b) * (1.0 - b);
        let log = Self::new((1.0 - b * b - a * a) / scale, -2.0 * a / scale).ln();
        Self::new(-0.5 * log.im, 0.5 * log.re)
    }

    /// Inverse cotangent.
    #[must_use]
    pub fn acot(self) -> Self {
        if self.im == 0.0 { Self::real(1.0_f64.atan2(self.re)) } else { self.reciprocal().atan() }
    }

    /// Inverse secant.
    #[must_use]
    pub fn asec(self) -> Self {
        if self.is_zero() { Self::new(0.0, f64::INFINITY) } else { self.reciprocal().acos() }
    }

    /// Inverse cosecant.
    #[must_use]
    pub fn acsc(self) -> Self {
        if self.is_zero() { Self::new(FRAC_PI_2, f64::INFINITY) } else { self.reciprocal().asin() }
    }

    /// Hyperbolic sine.
    #[must_use]
    pub fn sinh(self) -> Self {
        Self::new(self.re.sinh() * self.im.cos(), self.re.cosh() * self.im.sin())
    }

    /// Hyperbolic cosine.
    #[must_use]
    pub fn cosh(self) -> Self {
        Self::new(self.re.cosh() * self.im.cos(), self.re.sinh() * self.im.sin())
    }

    /// Hyperbolic tangent.
    #[must_use]
    pub fn tanh(self) -> Self {
        let (a, b) = (2.0 * self.re, 2.0 * self.im);
        let scale = a.cosh() + b.cos();
        Self::new(a.sinh() / scale, b.sin() / scale)
    }

    /// Hyperbolic cotangent.
    #[must_use]
    pub fn coth(self) -> Self {
        let (a, b) = (2.0 * self.re, 2.0 * self.im);
        let scale = a.cosh() - b.cos();
        Self::new(a.sinh() / scale, -b.sin() / scale)
    }

    /// Hyperbolic secant.
    #[must_use]
    pub fn sech(self) -> Self {
        self.cosh().reciprocal()
    }

    /// Hyperbolic cosecant.
    #[must_use]
    pub fn csch(self) -> Self {
        self.sinh().reciprocal()
    }

    /// Inverse hyperbolic sine: `i asin(-i z)`.
    #[must_use]
    pub fn asinh(self) -> Self {
        let arc = Self::new(self.im, -self.re).asin();
        Self::new(-arc.im, arc.re)
    }

    /// Inverse hyperbolic cosine; its real part is not negative.
    #[must_use]
    pub fn acosh(self) -> Self {
        let arc = self.acos();
        if arc.im <= 0.0 { Self::new(-arc.im, arc.re) } else { Self::new(arc.im, -arc.re) }
    }

    /// Inverse hyperbolic tangent.
    #[must_use]
    pub fn atanh(self) -> Self {
        let (a, b) = (self.re, self.im);
        let (minus, plus) = (1.0 - a, 1.0 + a);
        let scale = minus * minus + b * b;
        let ratio = if scale == 0.0 {
            Self::new(if a == -1.0 { 0.0 } else { a / 0.0 }, if b == 0.0 { 0.0 } else { b / 0.0 })
        } else {
            Self::new((plus * minus - b * b) / scale, (b * minus + plus * b) / scale)
        };
        let im = 0.5 * ratio.arg();
        Self::new(0.5 * log_modulus(ratio.re, ratio.im), if a > 1.0 && b == 0.0 { -im } else { im })
    }

    /// Inverse hyperbolic cotangent.
    #[must_use]
    pub fn acoth(self) -> Self {
        if self.is_zero() { Self::new(0.0, FRAC_PI_2) } else { self.reciprocal().atanh() }
    }

    /// Inverse hyperbolic secant.
    #[must_use]
    pub fn asech(self) -> Self {
        if self.is_zero() { Self::new(f64::INFINITY, 0.0) } else { self.reciprocal().acosh() }
    }

    /// Inverse hyperbolic secant of a real number in `[-1, 0)`, whose imaginary part is pi.
    #[must_use]
    pub fn asech_of_negative(x: f64) -> Self {
        let inverse = 1.0 / x;
        Self::new(((inverse * inverse - 1.0).sqrt() - inverse).ln(), PI)
    }

    /// Inverse hyperbolic cosecant.
    #[must_use]
    pub fn acsch(self) -> Self {
        if self.is_zero() { Self::new(f64::INFINITY, 0.0) } else { self.reciprocal().asinh() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: Complex, re: f64, im: f64) {
        assert!((found.re - re).abs() < 1e-14 && (found.im - im).abs() < 1e-14, "{found:?}, expected {re} + {im} i");
    }

    #[test]
    fn a_power_of_an_imaginary_number_is_exact() {
        assert_eq!(Complex::new(0.0, 1.0).pow(Complex::real(2.0)), Complex::new(-1.0, 0.0));
        assert_eq!(Complex::new(0.0, 2.0).pow(Complex::real(3.0)), Complex::new(0.0, -8.0));
    }

    #[test]
    fn inverses_leave_the_real_line_on_the_sides_of_complex_js() {
        close(Complex::real(2.0).asin(), FRAC_PI_2, -1.316_957_896_924_816_6);
        close(Complex::real(2.0).atanh(), 0.549_306_144_334_054_8, -FRAC_PI_2);
        close(Complex::real(0.5).acoth(), 0.549_306_144_334_054_8, -FRAC_PI_2);
        close(Complex::real(2.0).asech(), 0.0, std::f64::consts::FRAC_PI_3);
    }

    #[test]
    fn functions_invert_their_inverses() {
        let z = Complex::new(0.3, -0.7);
        for (inverse, function) in [
            (Complex::asin as fn(Complex) -> Complex, Complex::sin as fn(Complex) -> Complex),
            (Complex::acos, Complex::cos),
            (Complex::atan, Complex::tan),
            (Complex::asec, Complex::sec),
            (Complex::acsc, Complex::csc),
            (Complex::acot, Complex::cot),
            (Complex::asinh, Complex::sinh),
            (Complex::acosh, Complex::cosh),
            (Complex::atanh, Complex::tanh),
            (Complex::asech, Complex::sech),
            (Complex::acsch, Complex::csch),
            (Complex::acoth, Complex::coth),
            (Complex::ln, Complex::exp),
            (Complex::ln_1p, Complex::expm1),
        ] {
            close(function(inverse(z)), z.re, z.im);
        }
    }

    #[test]
    fn a_quotient_by_zero_is_infinite_and_that_of_zeros_is_no_number() {
        assert!(Complex::real(1.0).divide(Complex::real(0.0)).re.is_infinite());
        assert!(Complex::real(0.0).divide(Complex::real(0.0)).is_nan());
    }
}
