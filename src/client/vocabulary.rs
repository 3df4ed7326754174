//! The functions that Guesstimate's engine knows, of those that tailcast knows.
//!
//! A function that tailcast adds of its own is not in the list, and so does not leave it unsaid.

/// Names in order: those of its distributions, filters and finance, and those of mathjs 15.
#[rustfmt::skip]
const KNOWN: [&str; 232] = [
    "AM", "CAGR", "CI", "DF", "FV", "LR", "NPV", "PERT", "PI", "PP", "PV", "R72", "ROI", "WACC", "abs", "acos",
    "acosh", "acot", "acoth", "acsc", "acsch", "add", "and", "arg", "asec", "asech", "asin", "asinh", "atan", "atan2",
    "atanh", "bellNumbers", "bernoulli", "beta", "bigint", "bignumber", "bin", "binomial", "bitAnd", "bitNot",
    "bitOr", "bitXor", "boolean", "catalan", "cauchy", "cbrt", "ceil", "centralF", "chisquare", "clone", "column",
    "combinations", "combinationsWithRep", "compare", "compareNatural", "compareText", "compile", "complex",
    "composition", "concat", "conj", "corr", "cos", "cosh", "cot", "coth", "count", "cross", "csc", "csch",
    "ctranspose", "cube", "cumsum", "deepEqual", "derivative", "det", "diag", "diff", "distance", "divide", "dot",
    "dotDivide", "dotMultiply", "dotPow", "doubleTriangular", "eigs", "equal", "equalScalar", "equalText", "erf",
    "evaluate", "exp", "expm1", "exponential", "factorial", "filter", "filterBetween", "filterGreaterThan",
    "filterLessThan", "fix", "flatten", "floor", "forEach", "format", "fraction", "gamma", "gcd", "hasNumericValue",
    "hex", "hypot", "identity", "if", "im", "inv", "invgamma", "invmod", "isBounded", "isFinite", "isInteger",
    "isNaN", "isNegative", "isNumeric", "isPositive", "isPrime", "isZero", "kron", "larger", "largerEq", "lcm",
    "leftShift", "lgamma", "log", "log10", "log1p", "log2", "lognormal", "lsolve", "lusolve", "mad", "map", "matrix",
    "max", "mean", "median", "min", "mod", "mode", "multinomial", "multiply", "negBinomial", "norm", "normal", "not",
    "nthRoot", "nthRoots", "nullish", "number", "numeric", "oct", "ones", "or", "parse", "partitionSelect",
    "permutations", "pickRandom", "poisson", "polynomialRoot", "pow", "print", "prod", "quantileSeq", "random",
    "randomInt", "range", "re", "reshape", "resize", "rightArithShift", "rightLogShift", "round", "row", "scenarios",
    "sec", "sech", "setCartesian", "setDifference", "setDistinct", "setIntersect", "setIsSubset", "setMultiplicity",
    "setSize", "setSymDifference", "setUnion", "sign", "simplify", "sin", "sinh", "size", "smaller", "smallerEq",
    "sort", "sparse", "sqrt", "square", "squeeze", "std", "stirlingS2", "string", "studentt", "subset", "subtract",
    "sum", "tan", "tanh", "test", "to", "trace", "transpose", "triangular", "typeOf", "unaryMinus", "unaryPlus",
    "unequal", "uniform", "unit", "usolve", "variance", "weibull", "xgcd", "xor", "zeros", "zeta",
];

/// Whether Guesstimate's engine has a function of that name.
///
/// # Examples
/// ```
/// use tailcast::client::is_known_to_guesstimate;
/// assert!(is_known_to_guesstimate("lognormal") && !is_known_to_guesstimate("hedge"));
/// ```
#[must_use]
pub fn is_known_to_guesstimate(name: &str) -> bool {
    KNOWN.binary_search(&name).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::functions::TABLE;

    #[test]
    fn the_list_is_in_order_and_names_functions_that_are_there() {
        assert!(KNOWN.is_sorted());
        let strangers: Vec<_> =
            KNOWN.iter().filter(|name| TABLE.iter().all(|function| function.name != **name)).collect();
        assert_eq!(strangers, Vec::<&&str>::new());
    }
}
