//! What people ask of the one process.

use std::io;

use serde::Serialize;

use super::{
    Place, Session,
    hello::{Hello, Welcome, hear, say},
    process, socket,
    way::timely,
};

/// A process that was told to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stopped {
    /// How many clients were connected. None where it did not say, and was ended by force.
    pub clients: Option<usize>,
}

/// One process and who is connected to it.
#[derive(Debug, Clone, Serialize)]
pub struct Running {
    /// The process.
    pub pid: u32,
    /// Bytes of memory that are its own. None where the system does not say.
    pub memory: Option<u64>,
    /// By when they came. None where it does not answer.
    pub sessions: Option<Vec<Session>>,
}

/// The processes of this user, each with who is connected to it.
///
/// # Errors
/// Where the folder of their sockets can't be read.
pub async fn sessions() -> io::Result<Vec<Running>> {
    let mut all = Vec::new();
    for place in Place::all()? {
        match asked(&place, &Hello::Sessions).await {
            Said::Welcome(Welcome::Sessions { pid, memory, sessions }) => {
                all.push(Running { pid, memory, sessions: Some(sessions) });
            }
            Said::Nothing(Some(pid)) => all.push(Running { pid, memory: None, sessions: None }),
            _ => {}
        }
    }
    Ok(all)
}

/// Has all processes of this user end; one that does not answer is ended by force.
///
/// # Errors
/// Where the folder of their sockets can't be read, or a process can't be ended.
pub async fn stop() -> io::Result<Vec<Stopped>> {
    const NAMELESS: &str = "a shared process does not answer, and this system does not tell which it is: end `litellm-ls` by \
                            the system's list of processes";
    let (mut all, mut nameless) = (Vec::new(), false);
    for place in Place::all()? {
        match asked(&place, &Hello::Stop).await {
            Said::Welcome(Welcome::Stop { clients }) => all.push(Stopped { clients: Some(clients) }),
            Said::Nothing(Some(pid)) => {
                process::end(pid)?;
                all.push(Stopped { clients: None });
            }
            Said::Nothing(None) => nameless = true,
            _ => {}
        }
    }
    if nameless { Err(io::Error::other(NAMELESS)) } else { Ok(all) }
}

/// What came of asking a process.
enum Said {
    Welcome(Welcome),
    /// It is there, under this number, and does not answer.
    Nothing(Option<u32>),
    /// There is none.
    Gone,
}

async fn asked(place: &Place, hello: &Hello) -> Said {
    let Ok((mut input, mut output)) = timely(socket::connect(place.socket())).await else {
        return Said::Gone;
    };
    let process = socket::process(&input);
    let asked = timely(async {
        say(hello, &mut output).await?;
        let welcome = hear(&mut input).await?;
        if matches!(hello, Hello::Stop) {
            // It is over when the connection is.
            tokio::io::copy(&mut input, &mut tokio::io::sink()).await?;
        }
        Ok(welcome)
    });
    match asked.await {
        Ok(welcome) => Said::Welcome(welcome),
        Err(error) if error.kind() == io::ErrorKind::TimedOut => Said::Nothing(process),
        Err(_) => Said::Gone,
    }
}
