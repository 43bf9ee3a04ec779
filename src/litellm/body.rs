//! The body of an answer as it was before it was packed for the way.

mod gzip;

use bytes::Bytes;
use futures_util::{StreamExt, stream, stream::BoxStream};
use reqwest::{
    Response, Url,
    header::{CONTENT_ENCODING, HeaderMap},
};

use super::{
    Error, Head,
    error::{broken_off, shown},
};

use gzip::Gzip;

/// The only coding that is asked for.
pub(super) const CODING: &str = "gzip";
/// What HTTP/1.0 calls it (RFC 9110, 8.4.1.3).
const OLD_CODING: &str = "x-gzip";
/// Most times that a body may be packed.
const MOST_TIMES: usize = 4;

/// The pieces of a body.
pub(super) type Body = BoxStream<'static, Result<Bytes, Error>>;

/// What an answer begins with, and its body. What is in another coding stays as it is.
pub(super) fn open(mut response: Response, url: &Url) -> (Head, Body) {
    let head = Head { status: response.status(), headers: std::mem::take(response.headers_mut()) };
    let packed = times_packed(&head.headers);
    let at = url.clone();
    let plain =
        response.bytes_stream().map(move |piece| piece.map_err(|error| broken_off(error, &at))).boxed();
    (head, (0..packed).fold(plain, |body, _| unpacked(body, shown(url))))
}

fn times_packed(headers: &HeaderMap) -> usize {
    let named = headers.get_all(CONTENT_ENCODING).into_iter().filter_map(|value| value.to_str().ok());
    let is_gzip = |coding: &&str| [CODING, OLD_CODING].iter().any(|gzip| coding.eq_ignore_ascii_case(gzip));
    named.flat_map(|value| value.split(',')).map(str::trim).filter(is_gzip).take(MOST_TIMES).count()
}

/// A coding that an answer says to be in, and that nobody here can read. It may be plain all the same.
pub(super) fn foreign(headers: &HeaderMap) -> Option<String> {
    const KNOWN: [&str; 4] = [CODING, OLD_CODING, "identity", ""];
    let named = headers.get_all(CONTENT_ENCODING).into_iter().filter_map(|value| value.to_str().ok());
    let is_foreign = |coding: &&str| !KNOWN.iter().any(|known| coding.eq_ignore_ascii_case(known));
    named.flat_map(|value| value.split(',')).map(str::trim).find(is_foreign).map(str::to_owned)
}

fn unpacked(body: Body, url: String) -> Body {
    let broken = move |reason: &str| Error::Interrupted { reason: reason.to_owned(), url: url.clone() };
    stream::try_unfold((body, Gzip::default(), broken), async |(mut body, mut gzip, broken)| {
        loop {
            if let Some(piece) = gzip.next().map_err(&broken)? {
                return Ok(Some((piece, (body, gzip, broken))));
            }
            match body.next().await {
                Some(packed) => gzip.take(packed?),
                None => return gzip.end().map(|()| None).map_err(broken),
            }
        }
    })
    .boxed()
}
