//! What equal pseudonyms tell without any key: how often each person comes.

use super::document::Equality;
use super::field::Distinct;

/// The distribution of a field's values; nothing where none comes twice.
pub(super) fn equality(distinct: &Distinct, lengths: usize) -> Option<Equality> {
    let sorted = distinct.sorted();
    let mut times: Vec<u64> = sorted.iter().map(|(_, times)| *times).collect();
    times.sort_unstable();
    let most = times.last().copied().filter(|most| *most > 1)?;
    let alone = times.chunk_by(|a, b| a == b).filter(|same| same.len() == 1).count() as u64;
    Some(Equality {
        values: distinct.values(),
        distinct: distinct.distinct(),
        most_frequent_share: most as f64 / distinct.values() as f64,
        unique_in_frequency: alone,
        lengths: lengths as u64,
    })
}

#[cfg(test)]
mod tests {
    use super::super::field::FieldValues;
    use super::*;

    fn of(counts: &[u64]) -> Option<Equality> {
        let mut field = FieldValues::default();
        for (n, times) in counts.iter().enumerate() {
            field.add(
                format!("{:032x}", 0xabcd_0123_4567_u64 * (n as u64 + 1)).as_bytes(),
                false,
                *times,
            );
        }
        equality(&field.leading()?.1, 1)
    }

    #[test]
    fn who_comes_as_often_as_nobody_else_is_alone() {
        let told = of(&[5, 3, 3, 9, 1]).unwrap();
        assert_eq!((told.values, told.distinct, told.unique_in_frequency), (21, 5, 3));
        assert!((told.most_frequent_share - 9.0 / 21.0).abs() < 1e-9);
        assert!(of(&[1, 1, 1]).is_none());
    }
}
