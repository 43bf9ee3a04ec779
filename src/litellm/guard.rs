//! Looks at who answers on a new connection before a byte is sent to it.

use std::{
    error::Error as StdError,
    fmt,
    hash::{Hash, Hasher},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use tower_layer::Layer;
use tower_service::Service;

use crate::descriptors;

type BoxError = Box<dyn StdError + Send + Sync>;
type Holds = dyn Fn() -> bool + Send + Sync;

/// What must hold of who answers at an address. It is asked behind each new connection, so that who has taken the
/// address over meanwhile gets none.
#[derive(Clone)]
pub struct Guard {
    name: String,
    holds: Arc<Holds>,
}

/// Who answers is not who should.
#[derive(Debug)]
struct Stranger;

impl StdError for Stranger {}

impl fmt::Display for Stranger {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(
            "the proxy that was started on this machine has ended, and its port is not its own any more",
        )
    }
}

impl Guard {
    /// Guards with one name ask the same.
    pub fn new(name: String, holds: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        Self { name, holds: Arc::new(holds) }
    }
}

impl PartialEq for Guard {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Guard {}

impl Hash for Guard {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

impl<S> Layer<S> for Guard {
    type Service = Guarded<S>;

    fn layer(&self, connector: S) -> Guarded<S> {
        Guarded { connector, guard: self.clone() }
    }
}

/// A connector whose connections are looked at.
#[derive(Clone)]
pub struct Guarded<S> {
    connector: S,
    guard: Guard,
}

impl<S, To> Service<To> for Guarded<S>
where
    S: Service<To, Error = BoxError>,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.connector.poll_ready(context)
    }

    fn call(&mut self, to: To) -> Self::Future {
        let (connecting, holds) = (self.connector.call(to), self.guard.holds.clone());
        Box::pin(async move {
            // Only afterwards is it sure whom the connection leads to: a listener that held the address before and holds
            // it still has taken it.
            let connection = connecting.await?;
            if holds() {
                return Ok(connection);
            }
            // Nothing is known of who listens where the system's tables can't be opened.
            Err(descriptors::refusal().map_or_else(|| Stranger.into(), Into::into))
        })
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io::{ErrorKind, Read},
        net::TcpListener,
        sync::atomic::{AtomicBool, Ordering},
        time::Duration,
    };

    use super::*;
    use crate::litellm::{Client, ConnectionOptions, Endpoint, auth::AuthStyle, base_url::BaseUrl};

    /// Accepts one connection and returns what came over it to its end.
    fn heard(listener: TcpListener) -> std::thread::JoinHandle<Vec<u8>> {
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut heard = Vec::new();
            match stream.read_to_end(&mut heard) {
                Err(error) if error.kind() != ErrorKind::ConnectionReset => panic!("{error}"),
                _ => heard,
            }
        })
    }

    #[tokio::test]
    async fn who_has_taken_the_address_over_hears_nothing() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = BaseUrl::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
        let key = "sk-canary".into();
        let holds = Arc::new(AtomicBool::new(false));
        let asked = holds.clone();
        let transport = ConnectionOptions {
            guard: Some(Guard::new("test".into(), move || asked.load(Ordering::Relaxed))),
            ..ConnectionOptions::on_this_machine()
        };
        let endpoint = Endpoint::new(&base, &AuthStyle::Bearer, Some(&key), &Default::default(), &transport);
        let endpoint = endpoint.ok().unwrap();
        let client = Client::new(&transport, |_| unreachable!("no file is named")).ok().unwrap();
        let stranger = heard(listener.try_clone().unwrap());
        let refused = client.list(&endpoint, &endpoint.models, Duration::from_secs(10)).await.err().unwrap();
        assert!(format!("{refused:?}").contains("not its own any more"), "{refused:?}");
        assert_eq!(stranger.join().unwrap(), b"");

        holds.store(true, Ordering::Relaxed);
        let owner = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut beginning = [0; 14];
            stream.read_exact(&mut beginning).unwrap();
            beginning
        });
        assert!(client.list(&endpoint, &endpoint.models, Duration::from_secs(10)).await.is_err());
        assert_eq!(&owner.join().unwrap(), b"GET /v1/models");
    }
}
