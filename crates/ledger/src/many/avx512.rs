//! Sixteen messages side by side, a word of each in a register of 512 bits.

use std::arch::x86_64::*;

use super::message::{BLOCK, Message, ROUNDS, START};
use super::{MOST, one_by_one};
use crate::RowHash;

/// With fewer messages, one after the other is as fast.
const FEWEST: usize = 6;

/// The hashes, on a processor with registers of 512 bits.
///
/// # Safety
/// The processor has AVX-512F and AVX-512BW: only then may it be called from where that is not known.
#[target_feature(enable = "avx512f,avx512bw")]
pub fn with_avx512(messages: &[&[u8]]) -> [RowHash; MOST] {
    if messages.len() < FEWEST {
        return one_by_one(messages);
    }
    let all: [Message<'_>; MOST] =
        std::array::from_fn(|lane| Message::of(messages.get(lane).copied().unwrap_or_default()));
    // Of those that are longer than most, the rest is taken one by one.
    let mut lengths: [usize; MOST] = std::array::from_fn(|lane| all[lane].blocks());
    let given = messages.len().min(MOST);
    lengths[..given].sort_unstable();
    let together = lengths[given / 2];
    let mut state = START.map(|word| _mm512_set1_epi32(word.cast_signed()));
    for index in 0..together {
        let live = (0..MOST).map(|lane| u16::from(index < all[lane].blocks()) << lane).sum();
        compress(&mut state, live, std::array::from_fn(|lane| all[lane].block(index)));
    }
    let states = states(&state);
    std::array::from_fn(|lane| all[lane].finish(states[lane], together))
}

/// Takes one block of each message that is `live`.
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn compress(state: &mut [__m512i; 8], live: u16, blocks: [&[u8; BLOCK]; MOST]) {
    let mut schedule = words(blocks);
    let mut now = *state;
    for (time, constants) in ROUNDS.as_chunks::<16>().0.iter().enumerate() {
        if time > 0 {
            next(&mut schedule);
        }
        for (words, constants) in schedule.as_chunks().0.iter().zip(constants.as_chunks().0) {
            eight_rounds(&mut now, words, constants);
        }
    }
    for (sum, now) in state.iter_mut().zip(now) {
        *sum = _mm512_mask_add_epi32(*sum, live, *sum, now);
    }
}

/// Eight rounds, after which each variable is back in its place.
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn eight_rounds(state: &mut [__m512i; 8], words: &[__m512i; 8], constants: &[u32; 8]) {
    let [a, b, c, d, e, f, g, h] = state;
    let word = |round: usize| {
        _mm512_add_epi32(words[round], _mm512_set1_epi32(constants[round].cast_signed()))
    };
    round([*a, *b, *c], d, [*e, *f, *g], h, word(0));
    round([*h, *a, *b], c, [*d, *e, *f], g, word(1));
    round([*g, *h, *a], b, [*c, *d, *e], f, word(2));
    round([*f, *g, *h], a, [*b, *c, *d], e, word(3));
    round([*e, *f, *g], h, [*a, *b, *c], d, word(4));
    round([*d, *e, *f], g, [*h, *a, *b], c, word(5));
    round([*c, *d, *e], f, [*g, *h, *a], b, word(6));
    round([*b, *c, *d], e, [*f, *g, *h], a, word(7));
}

/// 6.2.2, step 3. In ternarylogic the last argument is the truth table.
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn round(
    [a, b, c]: [__m512i; 3],
    d: &mut __m512i,
    [e, f, g]: [__m512i; 3],
    h: &mut __m512i,
    word: __m512i,
) {
    let choice = _mm512_ternarylogic_epi32::<0xca>(e, f, g);
    let majority = _mm512_ternarylogic_epi32::<0xe8>(a, b, c);
    let first =
        _mm512_add_epi32(_mm512_add_epi32(*h, word), _mm512_add_epi32(choice, sum::<6, 11, 25>(e)));
    *d = _mm512_add_epi32(*d, first);
    *h = _mm512_add_epi32(first, _mm512_add_epi32(majority, sum::<2, 13, 22>(a)));
}

/// The words for the next sixteen rounds.
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn next(schedule: &mut [__m512i; 16]) {
    for round in 0..16 {
        let near = spread::<7, 18, 3>(schedule[(round + 1) % 16]);
        let far = spread::<17, 19, 10>(schedule[(round + 14) % 16]);
        schedule[round] = _mm512_add_epi32(
            _mm512_add_epi32(schedule[round], near),
            _mm512_add_epi32(schedule[(round + 9) % 16], far),
        );
    }
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn sum<const A: i32, const B: i32, const C: i32>(word: __m512i) -> __m512i {
    let (a, b, c) =
        (_mm512_ror_epi32::<A>(word), _mm512_ror_epi32::<B>(word), _mm512_ror_epi32::<C>(word));
    _mm512_ternarylogic_epi32::<0x96>(a, b, c)
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn spread<const A: i32, const B: i32, const C: u32>(word: __m512i) -> __m512i {
    let (a, b, c) =
        (_mm512_ror_epi32::<A>(word), _mm512_ror_epi32::<B>(word), _mm512_srli_epi32::<C>(word));
    _mm512_ternarylogic_epi32::<0x96>(a, b, c)
}

/// The words of the blocks, which are big-endian: the first of each in the first register, and so on.
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn words(blocks: [&[u8; BLOCK]; MOST]) -> [__m512i; 16] {
    let swapped = _mm512_set4_epi32(0x0c0d_0e0f, 0x0809_0a0b, 0x0405_0607, 0x0001_0203);
    let mut rows = [_mm512_setzero_si512(); 16];
    for (row, block) in rows.iter_mut().zip(blocks) {
        let eighth = |index: usize| i64::from_le_bytes(block.as_chunks().0[index]);
        let bytes = _mm512_set_epi64(
            eighth(7),
            eighth(6),
            eighth(5),
            eighth(4),
            eighth(3),
            eighth(2),
            eighth(1),
            eighth(0),
        );
        *row = _mm512_shuffle_epi8(bytes, swapped);
    }
    // Rows become columns: words in pairs, then in fours, then fours in their places.
    let mut pairs = rows;
    for (to, from) in pairs.as_chunks_mut::<2>().0.iter_mut().zip(rows.as_chunks::<2>().0) {
        *to = [_mm512_unpacklo_epi32(from[0], from[1]), _mm512_unpackhi_epi32(from[0], from[1])];
    }
    let mut fours = pairs;
    for (to, from) in fours.as_chunks_mut::<4>().0.iter_mut().zip(pairs.as_chunks::<4>().0) {
        *to = [
            _mm512_unpacklo_epi64(from[0], from[2]),
            _mm512_unpackhi_epi64(from[0], from[2]),
            _mm512_unpacklo_epi64(from[1], from[3]),
            _mm512_unpackhi_epi64(from[1], from[3]),
        ];
    }
    let mut columns = fours;
    for word in 0..4 {
        let (a, b, c, d) = (fours[word], fours[4 + word], fours[8 + word], fours[12 + word]);
        let (even, odd) = (_mm512_shuffle_i32x4::<0x88>(a, b), _mm512_shuffle_i32x4::<0xdd>(a, b));
        let (evens, odds) =
            (_mm512_shuffle_i32x4::<0x88>(c, d), _mm512_shuffle_i32x4::<0xdd>(c, d));
        columns[word] = _mm512_shuffle_i32x4::<0x88>(even, evens);
        columns[4 + word] = _mm512_shuffle_i32x4::<0x88>(odd, odds);
        columns[8 + word] = _mm512_shuffle_i32x4::<0xdd>(even, evens);
        columns[12 + word] = _mm512_shuffle_i32x4::<0xdd>(odd, odds);
    }
    columns
}

/// The state of each message.
#[target_feature(enable = "avx512f,avx512bw")]
fn states(state: &[__m512i; 8]) -> [[u32; 8]; MOST] {
    let mut states = [[0; 8]; MOST];
    for (word, register) in state.iter().enumerate() {
        let fours = [
            _mm512_castsi512_si128(*register),
            _mm512_extracti32x4_epi32::<1>(*register),
            _mm512_extracti32x4_epi32::<2>(*register),
            _mm512_extracti32x4_epi32::<3>(*register),
        ];
        for (states, four) in states.as_chunks_mut().0.iter_mut().zip(fours) {
            let words = [
                _mm_extract_epi32::<0>(four),
                _mm_extract_epi32::<1>(four),
                _mm_extract_epi32::<2>(four),
                _mm_extract_epi32::<3>(four),
            ];
            let states: &mut [[u32; 8]; 4] = states;
            for (state, of_message) in states.iter_mut().zip(words) {
                state[word] = of_message.cast_unsigned();
            }
        }
    }
    states
}
