//! The test server: HTTP/1.1 by hand on a port of this machine, with faults on demand.
//!
//! Every thread and every wait is bounded, and all end with the server.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::JoinHandle;
use std::time::Duration;

use super::rules::{Answer, Received, Rules, header_date};

/// Longest request body that is read.
const BODY_LEN_MAX: usize = 64 << 20;

/// Longest time that a connection may be silent.
const SILENCE_MAX: Duration = Duration::from_secs(10);

/// What goes wrong with one request.
#[derive(Debug, Clone)]
pub(super) enum Fault {
    /// Nothing happens for this long, then all goes well.
    Delay(Duration),
    /// Nothing happens for this long, and the request is not carried out.
    Silence(Duration),
    /// The connection is reset before the request was read.
    Reset,
    /// The request is carried out, and the connection closed without an answer.
    CloseAfterwards,
    /// The request is carried out, and the connection closed in the middle of the answer.
    CloseMidBody,
    /// The request is carried out, and half of the answer declared to be the whole.
    HalfTheJson,
    /// The request is carried out, and answered a byte at a time.
    Drip,
    /// The request is not carried out: a web page with this status, and a header.
    Page(u16, Option<(&'static str, String)>),
    /// The request is carried out, and answered by a web page with this status.
    PageAfterwards(u16),
    /// This user changes this space before the request is carried out.
    EditFirst(u64, u64),
    /// A redirect to this address.
    Redirect(u16, String),
    /// An answer without end.
    Endless,
    /// No HTTP.
    Garbage,
}

struct Shared {
    rules: Mutex<Rules>,
    /// Faults with the method and the beginning of the path that they wait for, in order.
    faults: Mutex<Vec<(&'static str, String, Fault)>>,
    seen: Mutex<Vec<Received>>,
    is_over: AtomicBool,
}

/// A running server.
pub(super) struct TestServer {
    address: SocketAddr,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

impl TestServer {
    pub(super) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let shared = Arc::new(Shared {
            rules: Mutex::new(Rules::default()),
            faults: Mutex::new(Vec::new()),
            seen: Mutex::new(Vec::new()),
            is_over: AtomicBool::new(false),
        });
        let own = Arc::clone(&shared);
        let thread = std::thread::spawn(move || serve(&listener, &own));
        Self { address, shared, thread: Some(thread) }
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(super) fn rules(&self) -> MutexGuard<'_, Rules> {
        self.shared.rules.lock().expect("a lock")
    }

    /// Lets something go wrong with the next request of this method to this path.
    pub(super) fn fault(&self, method: &'static str, path: &str, fault: Fault) {
        self.shared.faults.lock().expect("a lock").push((method, path.to_owned(), fault));
    }

    /// The requests that came in, in order.
    pub(super) fn seen(&self) -> Vec<Received> {
        self.shared.seen.lock().expect("a lock").clone()
    }

    /// How many requests of a method to a path came in.
    pub(super) fn count(&self, method: &str, path: &str) -> usize {
        self.seen().iter().filter(|request| request.method == method && request.target.starts_with(path)).count()
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        self.shared.is_over.store(true, Ordering::SeqCst);
        // Wakes the listener.
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn serve(listener: &TcpListener, shared: &Arc<Shared>) {
    let mut connections = Vec::new();
    for stream in listener.incoming() {
        if shared.is_over.load(Ordering::SeqCst) {
            break;
        }
        let Ok(stream) = stream else { continue };
        let shared = Arc::clone(shared);
        connections.push(std::thread::spawn(move || {
            // A client that goes away is no fault of the server.
            let _ = connection(&stream, &shared);
        }));
    }
    for connection in connections {
        let _ = connection.join();
    }
}

fn connection(stream: &TcpStream, shared: &Shared) -> std::io::Result<()> {
    stream.set_read_timeout(Some(SILENCE_MAX))?;
    stream.set_write_timeout(Some(SILENCE_MAX))?;
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    reader.read_line(&mut head)?;
    let mut words = head.split_ascii_whitespace().map(str::to_owned);
    let (Some(method), Some(target)) = (words.next(), words.next()) else { return Ok(()) };
    let fault = take_fault(shared, &method, &target);
    let mut request = Received { method, target, ..Received::default() };
    if matches!(fault, Some(Fault::Reset)) {
        // What is left unread makes the system reset the connection.
        shared.seen.lock().expect("a lock").push(request);
        return Ok(());
    }
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        request.headers.push((name.to_ascii_lowercase(), value.to_owned()));
    }
    let len = request.header("content-length").and_then(|len| len.parse().ok()).unwrap_or(0).min(BODY_LEN_MAX);
    request.body = vec![0; len];
    reader.read_exact(&mut request.body)?;
    shared.seen.lock().expect("a lock").push(request.clone());
    respond(stream, shared, &request, fault)
}

fn take_fault(shared: &Shared, method: &str, target: &str) -> Option<Fault> {
    let mut faults = shared.faults.lock().expect("a lock");
    let place = faults.iter().position(|(m, path, _)| *m == method && target.starts_with(path.as_str()))?;
    Some(faults.remove(place).2)
}

fn respond(mut stream: &TcpStream, shared: &Shared, request: &Received, fault: Option<Fault>) -> std::io::Result<()> {
    let answer = || shared.rules.lock().expect("a lock").answer(request);
    let date = header_date(shared.rules.lock().expect("a lock").now_ms);
    let whole = |answer: &Answer| bytes(answer, answer.body.len(), &date);
    match fault {
        None => stream.write_all(&whole(&answer())),
        Some(Fault::Delay(time)) => {
            pause(shared, time);
            stream.write_all(&whole(&answer()))
        }
        Some(Fault::EditFirst(id, author)) => {
            let edit = |space: &mut super::rules::Stored| space.name = Some("edited".to_owned());
            shared.rules.lock().expect("a lock").edit(id, author, edit);
            stream.write_all(&whole(&answer()))
        }
        Some(Fault::Silence(time)) => {
            pause(shared, time);
            Ok(())
        }
        Some(Fault::Reset | Fault::CloseAfterwards) => {
            answer();
            Ok(())
        }
        Some(Fault::CloseMidBody) => {
            let bytes = whole(&answer());
            stream.write_all(&bytes[..bytes.len() - bytes.len() / 4])
        }
        Some(Fault::HalfTheJson) => {
            let mut answer = answer();
            answer.body.truncate(answer.body.len() / 2);
            stream.write_all(&whole(&answer))
        }
        Some(Fault::Drip) => {
            for byte in whole(&answer()) {
                if shared.is_over.load(Ordering::SeqCst) {
                    break;
                }
                stream.write_all(&[byte])?;
                pause(shared, Duration::from_millis(50));
            }
            Ok(())
        }
        Some(Fault::Page(status, header)) => {
            let mut answer = Answer::page(status);
            answer.headers.extend(header);
            stream.write_all(&whole(&answer))
        }
        Some(Fault::PageAfterwards(status)) => {
            answer();
            stream.write_all(&whole(&Answer::page(status)))
        }
        Some(Fault::Redirect(status, location)) => {
            let headers = vec![("Location", location)];
            stream.write_all(&whole(&Answer { headers, ..Answer::empty(status) }))
        }
        Some(Fault::Endless) => {
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n")?;
            let block = [b' '; 65_536];
            while !shared.is_over.load(Ordering::SeqCst) {
                stream.write_all(&block)?;
            }
            Ok(())
        }
        Some(Fault::Garbage) => stream.write_all(b"SSH-2.0-OpenSSH_9.6\r\n\r\n"),
    }
}

/// Waits, as long as the server runs.
fn pause(shared: &Shared, time: Duration) {
    let step = Duration::from_millis(10);
    let mut left = time;
    while !left.is_zero() && !shared.is_over.load(Ordering::SeqCst) {
        std::thread::sleep(step.min(left));
        left = left.saturating_sub(step);
    }
}

/// An answer as it goes out, declared to have a body of `len` bytes.
fn bytes(answer: &Answer, len: usize, date: &str) -> Vec<u8> {
    let mut text = format!("HTTP/1.1 {} Status\r\nDate: {date}\r\nConnection: close\r\n", answer.status);
    for (name, value) in &answer.headers {
        text += &format!("{name}: {value}\r\n");
    }
    if answer.status != 204 {
        text += &format!("Content-Length: {len}\r\n");
    }
    [text.as_bytes(), b"\r\n", answer.body.as_bytes()].concat()
}
