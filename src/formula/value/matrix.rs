//! Dense matrices of any number of dimensions, in row-major order.
//!
//! What is computed with them stands in [`crate::formula::functions`]; here are their shape, their elements and
//! broadcasting.

use super::Value;
use crate::formula::interpreter::EvaluateErrorKind;

/// Most elements that a matrix may have.
pub const ELEMENTS_MAX: usize = 100_000;

/// A dense matrix.
#[derive(Debug, Clone, PartialEq)]
pub struct Matrix {
    /// Length of each dimension.
    shape: Vec<usize>,
    /// Elements in row-major order; as many as the product of the lengths.
    elements: Vec<Value>,
    /// Whether the language calls it an `Array` rather than a `DenseMatrix`.
    list: bool,
}

impl Matrix {
    /// Matrix of that shape; `elements` are in row-major order and as many as the shape says.
    #[must_use]
    pub fn new(shape: Vec<usize>, elements: Vec<Value>) -> Self {
        debug_assert_eq!(shape.iter().product::<usize>(), elements.len());
        Self { shape, elements, list: false }
    }

    /// One-dimensional matrix.
    #[must_use]
    pub fn vector(elements: Vec<Value>) -> Self {
        Self { shape: vec![elements.len()], elements, list: false }
    }

    /// One-dimensional matrix of numbers.
    #[must_use]
    pub fn numbers(numbers: impl IntoIterator<Item = f64>) -> Self {
        Self::vector(numbers.into_iter().map(Value::Number).collect())
    }

    /// One-dimensional matrix that the language calls an `Array`.
    #[must_use]
    pub fn list(elements: Vec<Value>) -> Self {
        Self { list: true, ..Self::vector(elements) }
    }

    /// Matrix of that shape with the same value everywhere.
    ///
    /// # Errors
    /// [`EvaluateErrorKind::TooLarge`] when it would have more than [`ELEMENTS_MAX`] elements.
    pub fn filled(shape: Vec<usize>, value: &Value) -> Result<Self, EvaluateErrorKind> {
        let count = Self::checked_count(&shape)?;
        Ok(Self::new(shape, vec![value.clone(); count]))
    }

    /// Number of elements of that shape.
    ///
    /// # Errors
    /// [`EvaluateErrorKind::TooLarge`] when they are more than [`ELEMENTS_MAX`].
    pub fn checked_count(shape: &[usize]) -> Result<usize, EvaluateErrorKind> {
        shape
            .iter()
            .try_fold(1_usize, |count, &length| count.checked_mul(length))
            .filter(|&count| count <= ELEMENTS_MAX)
            .ok_or(EvaluateErrorKind::TooLarge { what: "a matrix", limit: ELEMENTS_MAX })
    }

    /// Stacks values as an array literal does: matrices of one shape become the rows of a matrix with one dimension
    /// more.
    ///
    /// # Errors
    /// - [`EvaluateErrorKind::DimensionMismatch`] when the values do not have one shape.
    /// - [`EvaluateErrorKind::TooLarge`] when there are more than [`ELEMENTS_MAX`] elements.
    pub fn stack(values: Vec<Value>) -> Result<Self, EvaluateErrorKind> {
        let first = match values.first() {
            Some(Value::Matrix(matrix)) => matrix.shape.clone(),
            _ => Vec::new(),
        };
        let mut shape = vec![values.len()];
        shape.extend_from_slice(&first);
        Self::checked_count(&shape)?;
        let mut elements = Vec::new();
        for value in values {
            match value {
                Value::Matrix(matrix) if matrix.shape == first => elements.extend(matrix.elements),
                Value::Matrix(matrix) => {
                    return Err(EvaluateErrorKind::DimensionMismatch { left: first, right: matrix.shape });
                }
                value if first.is_empty() => elements.push(value),
                _ => return Err(EvaluateErrorKind::DimensionMismatch { left: first, right: Vec::new() }),
            }
        }
        Ok(Self::new(shape, elements))
    }

    /// Length of each dimension.
    #[must_use]
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// Elements in row-major order.
    #[must_use]
    pub fn elements(&self) -> &[Value] {
        &self.elements
    }

    /// The elements, to change them.
    pub fn elements_mut(&mut self) -> &mut [Value] {
        &mut self.elements
    }

    /// The elements without the shape.
    #[must_use]
    pub fn into_elements(self) -> Vec<Value> {
        self.elements
    }

    /// Whether the language calls it an `Array`.
    #[must_use]
    pub const fn is_list(&self) -> bool {
        self.list
    }

    /// Rows and columns, when it has two dimensions.
    #[must_use]
    pub fn rows_and_columns(&self) -> Option<(usize, usize)> {
        match self.shape[..] {
            [rows, columns] => Some((rows, columns)),
            _ => None,
        }
    }

    /// The same elements in another shape with as many elements.
    #[must_use]
    pub fn with_shape(mut self, shape: Vec<usize>) -> Self {
        debug_assert_eq!(shape.iter().product::<usize>(), self.elements.len());
        self.shape = shape;
        self
    }

    /// Applies a function to each element.
    ///
    /// # Errors
    /// The first error of the function.
    pub fn try_map(
        &self,
        mut function: impl FnMut(&Value) -> Result<Value, EvaluateErrorKind>,
    ) -> Result<Self, EvaluateErrorKind> {
        let elements = self.elements.iter().map(&mut function).collect::<Result<_, _>>()?;
        Ok(Self { shape: self.shape.clone(), elements, list: self.list })
    }

    /// The values along the first dimension: elements of a vector, rows of a matrix.
    #[must_use]
    pub fn slices(&self) -> Vec<Value> {
        if self.shape.len() < 2 {
            return self.elements.clone();
        }
        let inner = self.shape[1..].to_vec();
        let size: usize = inner.iter().product();
        (0..self.shape[0])
            .map(|row| Value::Matrix(Self::new(inner.clone(), self.elements[row * size..(row + 1) * size].to_vec())))
            .collect()
    }

    /// Combines two matrices element by element, repeating dimensions of length 1 and missing leading ones.
    ///
    /// # Errors
    /// - [`EvaluateErrorKind::DimensionMismatch`] when the shapes cannot be brought together.
    /// - [`EvaluateErrorKind::TooLarge`] when the result would have more than [`ELEMENTS_MAX`] elements.
    /// - The first error of the function.
    pub fn broadcast(
        &self,
        other: &Self,
        mut function: impl FnMut(&Value, &Value) -> Result<Value, EvaluateErrorKind>,
    ) -> Result<Self, EvaluateErrorKind> {
        let rank = self.shape.len().max(other.shape.len());
        let mut shape = vec![1; rank];
        for (axis, length) in shape.iter_mut().enumerate() {
            let (left, right) = (self.length_from_end(rank - axis), other.length_from_end(rank - axis));
            *length = match (left, right) {
                (left, right) if left == right => left,
                (1, right) => right,
                (left, 1) => left,
                _ => {
                    return Err(EvaluateErrorKind::DimensionMismatch {
                        left: self.shape.clone(),
                        right: other.shape.clone(),
                    });
                }
            };
        }
        let count = Self::checked_count(&shape)?;
        let mut elements = Vec::with_capacity(count);
        for position in 0..count {
            let (left, right) = (self.broadcast_offset(&shape, position), other.broadcast_offset(&shape, position));
            elements.push(function(&self.elements[left], &other.elements[right])?);
        }
        Ok(Self::new(shape, elements))
    }

    /// Length of the dimension that is `from_end` from the end; 1 when there is none.
    fn length_from_end(&self, from_end: usize) -> usize {
        self.shape.len().checked_sub(from_end).map_or(1, |axis| self.shape[axis])
    }

    /// Offset of the element that stands at `position` of the broadcast shape.
    fn broadcast_offset(&self, shape: &[usize], position: usize) -> usize {
        let (mut rest, mut offset, mut stride) = (position, 0, 1);
        for (from_end, &length) in shape.iter().rev().enumerate() {
            let index = rest % length;
            rest /= length;
            let own = self.length_from_end(from_end + 1);
            if own != 1 {
                offset += index * stride;
            }
            stride *= own;
        }
        offset
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(left: &Value, right: &Value) -> Result<Value, EvaluateErrorKind> {
        match (left, right) {
            (Value::Number(left), Value::Number(right)) => Ok(Value::Number(left + right)),
            _ => unreachable!("only numbers are given"),
        }
    }

    #[test]
    fn a_row_and_a_column_broadcast_to_a_table() {
        let row = Matrix::numbers([1.0, 2.0]);
        let column = Matrix::numbers([10.0, 20.0, 30.0]).with_shape(vec![3, 1]);
        let table = row.broadcast(&column, sum).unwrap();
        assert_eq!(table, Matrix::numbers([11.0, 12.0, 21.0, 22.0, 31.0, 32.0]).with_shape(vec![3, 2]));
    }

    #[test]
    fn lengths_that_differ_do_not_broadcast() {
        let result = Matrix::numbers([1.0, 2.0]).broadcast(&Matrix::numbers([1.0, 2.0, 3.0]), sum);
        assert_eq!(result, Err(EvaluateErrorKind::DimensionMismatch { left: vec![2], right: vec![3] }));
    }

    #[test]
    fn ragged_rows_are_refused() {
        let rows = vec![Value::Matrix(Matrix::numbers([1.0, 2.0])), Value::Matrix(Matrix::numbers([3.0]))];
        assert!(matches!(Matrix::stack(rows), Err(EvaluateErrorKind::DimensionMismatch { .. })));
    }

    #[test]
    fn a_hostile_size_is_refused() {
        let huge = Matrix::filled(vec![usize::MAX, 2], &Value::Null);
        assert!(matches!(huge, Err(EvaluateErrorKind::TooLarge { .. })));
    }
}
