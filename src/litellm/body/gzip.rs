//! What is packed as gzip (RFC 1952), piece by piece.

use bytes::{Buf, Bytes};
use flate2::{Crc, Decompress, FlushDecompress, Status};

/// Most bytes that are unpacked at once: a few packed ones may stand for very many.
const PIECE: usize = 32 << 10;
/// Most bytes of what stands before the packed bytes: a field of 64 KiB, and names.
const MAX_HEADER: usize = 80 << 10;
/// Bytes behind them: a checksum and a length.
const TRAILER: usize = 8;
const MAGIC: [u8; 2] = [0x1f, 0x8b];

const BROKEN: &str = "the gzip that the answer is packed in is broken";
const CUT: &str = "the answer ends amid the gzip that it is packed in";

/// Members of gzip, one behind the other. What is none at all comes out as it is: a gateway may have unpacked it, and say
/// that it is packed all the same.
pub(super) struct Gzip {
    packed: Bytes,
    at: At,
    is_first: bool,
    /// What has come of a header or a trailer.
    open: Vec<u8>,
    inflate: Decompress,
    sum: Crc,
    room: Box<[u8]>,
}

#[derive(Clone, Copy)]
enum At {
    Header,
    Body,
    Trailer,
    Plain,
}

impl Default for Gzip {
    fn default() -> Self {
        Self {
            packed: Bytes::new(),
            at: At::Header,
            is_first: true,
            open: Vec::new(),
            inflate: Decompress::new(false),
            sum: Crc::new(),
            room: vec![0; PIECE].into(),
        }
    }
}

impl Gzip {
    /// Takes the next packed bytes, once there is nothing to unpack of those before.
    pub(super) fn take(&mut self, packed: Bytes) {
        self.packed = packed;
    }

    /// Unpacks a piece. None where more has to come first.
    ///
    /// # Errors
    /// Where it is broken: why.
    pub(super) fn next(&mut self) -> Result<Option<Bytes>, &'static str> {
        loop {
            match self.at {
                At::Plain => {
                    let plain = std::mem::take(&mut self.packed);
                    return Ok((!plain.is_empty()).then_some(plain));
                }
                At::Header => {
                    let known = self.open.len();
                    self.open.extend_from_slice(&self.packed[..self.packed.len().min(MAX_HEADER)]);
                    if !self.open.iter().zip(MAGIC).all(|(byte, magic)| *byte == magic) {
                        if !self.is_first {
                            return Err(BROKEN);
                        }
                        self.at = At::Plain;
                        self.open.truncate(known);
                        if known > 0 {
                            return Ok(Some(std::mem::take(&mut self.open).into()));
                        }
                        continue;
                    }
                    let Some(length) = header(&self.open)? else {
                        self.packed.clear();
                        return if self.open.len() >= MAX_HEADER { Err(BROKEN) } else { Ok(None) };
                    };
                    self.packed.advance(length - known);
                    self.open.clear();
                    self.at = At::Body;
                }
                At::Body => {
                    let (read, written) = (self.inflate.total_in(), self.inflate.total_out());
                    let unpacked =
                        self.inflate.decompress(&self.packed, &mut self.room, FlushDecompress::None);
                    let has_ended = unpacked.map_err(|_| BROKEN)? == Status::StreamEnd;
                    let read = (self.inflate.total_in() - read) as usize;
                    let piece = &self.room[..(self.inflate.total_out() - written) as usize];
                    self.packed.advance(read);
                    if has_ended {
                        self.at = At::Trailer;
                    }
                    if !piece.is_empty() {
                        self.sum.update(piece);
                        return Ok(Some(Bytes::copy_from_slice(piece)));
                    }
                    match (has_ended, self.packed.is_empty(), read) {
                        (true, ..) | (false, false, 1..) => {}
                        (false, true, _) => return Ok(None),
                        (false, false, 0) => return Err(BROKEN),
                    }
                }
                At::Trailer => {
                    let missing = TRAILER - self.open.len();
                    self.open.extend(self.packed.split_to(missing.min(self.packed.len())));
                    if self.open.len() < TRAILER {
                        return Ok(None);
                    }
                    let expected = [self.sum.sum().to_le_bytes(), self.sum.amount().to_le_bytes()];
                    if self.open != expected.as_flattened() {
                        return Err(BROKEN);
                    }
                    self.open.clear();
                    self.sum.reset();
                    self.inflate.reset(false);
                    (self.at, self.is_first) = (At::Header, false);
                }
            }
        }
    }

    /// Nothing more comes.
    ///
    /// # Errors
    /// Where something is missing: what.
    pub(super) fn end(&self) -> Result<(), &'static str> {
        match self.at {
            At::Plain => Ok(()),
            At::Header if self.open.is_empty() => Ok(()),
            At::Header | At::Body | At::Trailer => Err(CUT),
        }
    }
}

/// The length of the header that a member begins with. None where more has to come first.
fn header(bytes: &[u8]) -> Result<Option<usize>, &'static str> {
    const FIXED: usize = 10;
    const DEFLATE: u8 = 8;
    const HAS_SUM: u8 = 2;
    const HAS_FIELD: u8 = 4;
    const NAMES: [u8; 2] = [8, 16];
    let Some((&[_, _, method, flags, ..], mut rest)) = bytes.split_first_chunk::<FIXED>() else {
        return Ok(None);
    };
    if method != DEFLATE {
        return Err(BROKEN);
    }
    if flags & HAS_FIELD != 0 {
        let Some((length, behind)) = rest.split_first_chunk() else { return Ok(None) };
        let Some(behind) = behind.get(usize::from(u16::from_le_bytes(*length))..) else { return Ok(None) };
        rest = behind;
    }
    for _ in NAMES.iter().filter(|name| flags & **name != 0) {
        let Some(end) = memchr::memchr(0, rest) else { return Ok(None) };
        rest = &rest[end + 1..];
    }
    if flags & HAS_SUM != 0 {
        let Some(behind) = rest.get(2..) else { return Ok(None) };
        rest = behind;
    }
    Ok(Some(bytes.len() - rest.len()))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::{Compression, GzBuilder};

    use super::*;

    /// What comes out of packed bytes that come in these pieces, and how that ends.
    fn unpacked<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> (Vec<u8>, Result<(), &'static str>) {
        let (mut gzip, mut all) = (Gzip::default(), Vec::new());
        for piece in pieces {
            gzip.take(Bytes::copy_from_slice(piece));
            loop {
                match gzip.next() {
                    Ok(Some(piece)) => all.extend(piece),
                    Ok(None) => break,
                    Err(reason) => return (all, Err(reason)),
                }
            }
        }
        (all, gzip.end())
    }

    fn member(text: &[u8], header: u8) -> Vec<u8> {
        let mut builder = GzBuilder::new();
        if header & 1 != 0 {
            builder = builder.extra(b"ab\x01\x00x".as_slice());
        }
        if header & 2 != 0 {
            builder = builder.filename("a name");
        }
        if header & 4 != 0 {
            builder = builder.comment("a comment");
        }
        let mut packing = builder.write(Vec::new(), Compression::fast());
        // What is flushed has come though the member goes on.
        let (one, other) = text.split_at(text.len() / 2);
        packing.write_all(one).unwrap();
        packing.flush().unwrap();
        packing.write_all(other).unwrap();
        let mut packed = packing.finish().unwrap();
        if header & 8 != 0 {
            packed[3] |= 2;
            let end = super::header(&packed).unwrap().unwrap() - 2;
            packed.splice(end..end, [0, 0]);
        }
        packed
    }

    proptest::proptest! {
        /// However it is cut, into pieces and members, and wherever it ends.
        #[test]
        fn what_was_packed_comes_out(
            texts in proptest::collection::vec((proptest::collection::vec(0_u8..4, 0..3_000), 0_u8..16), 1..4),
            size in 1_usize..500,
            end in 0.0_f64..1.0,
        ) {
            let members: Vec<Vec<u8>> = texts.iter().map(|(text, header)| member(text, *header)).collect();
            let (plain, packed) = (texts.into_iter().flat_map(|(text, _)| text).collect::<Vec<_>>(), members.concat());
            let (all, ended) = unpacked(packed.chunks(size));
            proptest::prop_assert!(all == plain && ended.is_ok(), "{ended:?}");

            let end = (packed.len() as f64 * end) as usize;
            let (some, ended) = unpacked(packed[..end].chunks(size));
            let mut ends = members.iter().scan(0, |end, member| { *end += member.len(); Some(*end) });
            let is_whole = end == 0 || ends.any(|whole| whole == end);
            proptest::prop_assert!(plain.starts_with(&some) && ended.is_ok() == is_whole, "{end}: {ended:?}");
        }

        /// Whatever comes, it comes to an end.
        #[test]
        fn nothing_that_is_broken_is_waited_for(
            noise in proptest::collection::vec(0_u8.., 0..300),
            size in 1_usize..100,
        ) {
            let packed = [&MAGIC[..], &[8, 0, 0, 0, 0, 0, 0, 0], &noise].concat();
            let _ = unpacked(packed.chunks(size));
        }
    }

    #[test]
    fn what_is_not_packed_comes_out_as_it_is() {
        for text in ["", "data: {}\n\n", "\x1f", "\x1fx"] {
            for size in [1, 100] {
                let (all, ended) = unpacked(text.as_bytes().chunks(size));
                let expected = if text == "\x1f" { "" } else { text };
                assert_eq!((&*all, ended.is_ok()), (expected.as_bytes(), text != "\x1f"), "{text:?}");
            }
        }
    }

    #[test]
    fn a_few_bytes_that_stand_for_many_are_unpacked_bit_by_bit() {
        let packed = member(&vec![b'x'; 8 << 20], 0);
        let mut gzip = Gzip::default();
        gzip.take(packed.into());
        let mut all = 0;
        while let Some(piece) = gzip.next().unwrap() {
            assert!(piece.len() <= PIECE, "{}", piece.len());
            all += piece.len();
        }
        assert_eq!((all, gzip.end()), (8 << 20, Ok(())));
    }

    #[test]
    fn a_wrong_checksum_is_told() {
        let mut packed = member(b"one", 0);
        let end = packed.len() - 5;
        packed[end] ^= 1;
        assert_eq!(unpacked([&*packed]), (b"one".to_vec(), Err(BROKEN)));
        let two = [member(b"one", 0), b"else".to_vec()].concat();
        assert_eq!(unpacked([&*two]), (b"one".to_vec(), Err(BROKEN)));
    }
}
