//! Ctrl-C, the one signal there is.

use futures_util::future::{BoxFuture, FutureExt};

/// What a shell says of a program that Ctrl-C ended.
const CODE: u8 = 130;

/// Ctrl-C; from the first of these that is made on it does not end the process by itself.
pub(crate) struct Ends(BoxFuture<'static, ()>);

impl Ends {
    pub(crate) fn listen() -> Self {
        Self(next())
    }

    /// Waits for one, and returns the exit code of a process that ends by it.
    pub(crate) async fn next(&mut self) -> u8 {
        (&mut self.0).await;
        self.0 = next();
        CODE
    }
}

fn next() -> BoxFuture<'static, ()> {
    async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
    .boxed()
}
