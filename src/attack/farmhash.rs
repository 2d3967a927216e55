//! FarmHash Fingerprint64, the hash behind `FARM_FINGERPRINT` of BigQuery: fast, without a key, and
//! never meant to hide anything.
//!
//! # Source
//! google/farmhash, `farmhashna::Hash64`, which its documentation promises never to change.

const K0: u64 = 0xc3a5_c85c_97cb_3127;
const K1: u64 = 0xb492_b66f_be98_f273;
const K2: u64 = 0x9ae1_6a3b_2f90_404f;

/// The fingerprint of `text`.
pub(super) fn fingerprint64(text: &[u8]) -> u64 {
    match text.len() {
        0..=16 => up_to_16(text),
        17..=32 => up_to_32(text),
        33..=64 => up_to_64(text),
        _ => longer(text),
    }
}

fn eight(text: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(text[at..at + 8].try_into().expect("eight bytes"))
}

fn four(text: &[u8], at: usize) -> u64 {
    u32::from_le_bytes(text[at..at + 4].try_into().expect("four bytes")).into()
}

fn shift_mix(value: u64) -> u64 {
    value ^ (value >> 47)
}

fn mix_16(u: u64, v: u64, multiplier: u64) -> u64 {
    let a = shift_mix((u ^ v).wrapping_mul(multiplier));
    shift_mix((v ^ a).wrapping_mul(multiplier)).wrapping_mul(multiplier)
}

fn multiplier(len: usize) -> u64 {
    K2.wrapping_add(2 * len as u64)
}

fn up_to_16(text: &[u8]) -> u64 {
    let len = text.len();
    let multiplier = multiplier(len);
    match len {
        8.. => {
            let a = eight(text, 0).wrapping_add(K2);
            let b = eight(text, len - 8);
            let c = b.rotate_right(37).wrapping_mul(multiplier).wrapping_add(a);
            let d = a.rotate_right(25).wrapping_add(b).wrapping_mul(multiplier);
            mix_16(c, d, multiplier)
        }
        4.. => {
            let a = four(text, 0);
            mix_16((len as u64).wrapping_add(a << 3), four(text, len - 4), multiplier)
        }
        1.. => {
            let [a, b, c] = [text[0], text[len / 2], text[len - 1]].map(u64::from);
            let (y, z) = (a + (b << 8), len as u64 + (c << 2));
            shift_mix(y.wrapping_mul(K2) ^ z.wrapping_mul(K0)).wrapping_mul(K2)
        }
        0 => K2,
    }
}

fn up_to_32(text: &[u8]) -> u64 {
    let len = text.len();
    let multiplier = multiplier(len);
    let a = eight(text, 0).wrapping_mul(K1);
    let b = eight(text, 8);
    let c = eight(text, len - 8).wrapping_mul(multiplier);
    let d = eight(text, len - 16).wrapping_mul(K2);
    let u = a.wrapping_add(b).rotate_right(43).wrapping_add(c.rotate_right(30)).wrapping_add(d);
    let v = a.wrapping_add(b.wrapping_add(K2).rotate_right(18)).wrapping_add(c);
    mix_16(u, v, multiplier)
}

fn up_to_64(text: &[u8]) -> u64 {
    let len = text.len();
    let multiplier = multiplier(len);
    let a = eight(text, 0).wrapping_mul(K2);
    let b = eight(text, 8);
    let c = eight(text, len - 8).wrapping_mul(multiplier);
    let d = eight(text, len - 16).wrapping_mul(K2);
    let y = a.wrapping_add(b).rotate_right(43).wrapping_add(c.rotate_right(30)).wrapping_add(d);
    let z =
        mix_16(y, a.wrapping_add(b.wrapping_add(K2).rotate_right(18)).wrapping_add(c), multiplier);
    let e = eight(text, 16).wrapping_mul(multiplier);
    let f = eight(text, 24);
    let g = y.wrapping_add(eight(text, len - 32)).wrapping_mul(multiplier);
    let h = z.wrapping_add(eight(text, len - 24)).wrapping_mul(multiplier);
    let u = e.wrapping_add(f).rotate_right(43).wrapping_add(g.rotate_right(30)).wrapping_add(h);
    let v = e.wrapping_add(f.wrapping_add(a).rotate_right(18)).wrapping_add(g);
    mix_16(u, v, multiplier)
}

/// Two words of 32 bytes, weakly: what the long loop keeps.
fn weak_32(text: &[u8], at: usize, a: u64, b: u64) -> (u64, u64) {
    let [w, x, y, z] = [0, 8, 16, 24].map(|within| eight(text, at + within));
    let a = a.wrapping_add(w);
    let b = b.wrapping_add(a).wrapping_add(z).rotate_right(21);
    let before = a;
    let a = a.wrapping_add(x).wrapping_add(y);
    let b = b.wrapping_add(a.rotate_right(44));
    (a.wrapping_add(z), b.wrapping_add(before))
}

fn longer(text: &[u8]) -> u64 {
    const SEED: u64 = 81;
    let len = text.len();
    let mut x = SEED;
    let mut y = SEED.wrapping_mul(K1).wrapping_add(113);
    let mut z = shift_mix(y.wrapping_mul(K2).wrapping_add(113)).wrapping_mul(K2);
    let (mut v, mut w) = ((0_u64, 0_u64), (0_u64, 0_u64));
    x = x.wrapping_mul(K2).wrapping_add(eight(text, 0));
    // All whole blocks but the last, then the last 64 bytes.
    let last = (len - 1) / 64 * 64;
    for at in (0..last).step_by(64) {
        x = x.wrapping_add(y).wrapping_add(v.0).wrapping_add(eight(text, at + 8));
        x = x.rotate_right(37).wrapping_mul(K1);
        y = y.wrapping_add(v.1).wrapping_add(eight(text, at + 48));
        y = y.rotate_right(42).wrapping_mul(K1);
        x ^= w.1;
        y = y.wrapping_add(v.0).wrapping_add(eight(text, at + 40));
        z = z.wrapping_add(w.0).rotate_right(33).wrapping_mul(K1);
        v = weak_32(text, at, v.1.wrapping_mul(K1), x.wrapping_add(w.0));
        let b = y.wrapping_add(eight(text, at + 16));
        w = weak_32(text, at + 32, z.wrapping_add(w.1), b);
        std::mem::swap(&mut z, &mut x);
    }
    let multiplier = K1.wrapping_add((z & 0xff) << 1);
    let at = len - 64;
    w.0 = w.0.wrapping_add((len as u64 - 1) & 63);
    v.0 = v.0.wrapping_add(w.0);
    w.0 = w.0.wrapping_add(v.0);
    x = x.wrapping_add(y).wrapping_add(v.0).wrapping_add(eight(text, at + 8));
    x = x.rotate_right(37).wrapping_mul(multiplier);
    y = y.wrapping_add(v.1).wrapping_add(eight(text, at + 48));
    y = y.rotate_right(42).wrapping_mul(multiplier);
    x ^= w.1.wrapping_mul(9);
    y = y.wrapping_add(v.0.wrapping_mul(9)).wrapping_add(eight(text, at + 40));
    z = z.wrapping_add(w.0).rotate_right(33).wrapping_mul(multiplier);
    v = weak_32(text, at, v.1.wrapping_mul(multiplier), x.wrapping_add(w.0));
    let b = y.wrapping_add(eight(text, at + 16));
    w = weak_32(text, at + 32, z.wrapping_add(w.1), b);
    std::mem::swap(&mut z, &mut x);
    let left = mix_16(v.0, w.0, multiplier);
    let left = left.wrapping_add(shift_mix(y).wrapping_mul(K0)).wrapping_add(z);
    mix_16(left, mix_16(v.1, w.1, multiplier).wrapping_add(x), multiplier)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprints_are_those_of_the_documentation() {
        // BigQuery and Amazon Redshift, documentation of their functions.
        for (text, fingerprint) in [
            ("1footrue", -1_541_654_101_129_638_711_i64),
            ("2applefalse", 2_794_438_866_806_483_259),
            ("3true", -4_880_158_226_897_771_312),
            ("Amazon Redshift", 8_085_098_817_162_212_970),
            ("alphabet", -2_427_165_924_636_348_523),
        ] {
            assert_eq!(fingerprint64(text.as_bytes()).cast_signed(), fingerprint, "{text}");
        }
        // The tests of other ports, for longer texts.
        for (text, fingerprint) in [
            ("9JqLl0AW7e69Y.&vMHQ5C", 2_827_089_714_349_584_095_u64),
            ("2/?98ns)xbzEVL^:wCS$7l3@_g!zP^<D.-bd6", 9_728_733_090_894_310_797),
            ("F7479877-4690-4A44-AFC9-8FE987EA512F:some_other_id", 6_862_335_115_798_125_349),
        ] {
            assert_eq!(fingerprint64(text.as_bytes()), fingerprint, "{text}");
        }
    }

    #[test]
    fn fingerprints_of_every_length_are_those_of_the_reference() {
        // Computed with google/farmhash (`farmhash.fingerprint64` of pyfarmhash 0.5.1).
        let alphabet: Vec<u8> = (b'a'..=b'z').cycle().take(200).collect();
        assert_eq!(fingerprint64(&alphabet[..65]), 2_608_948_203_458_330_154);
        assert_eq!(fingerprint64(&alphabet), 2_725_806_534_515_858_166);
        let of = |len| fingerprint64(&alphabet[..len]);
        let all = (0..=200).fold(0_u64, |all, len| all.wrapping_mul(31).wrapping_add(of(len)));
        assert_eq!(all, 16_125_142_087_996_262_268);
    }
}
