//! As much of HTTP/1.1 as the Lambda runtime, the AWS SDK and the embedded store speak to each other: messages with a length,
//! over connections that are kept. Blocking, one thread for each connection, so that nothing but the work itself is measured.

use std::{
    io::{self, BufRead, BufReader, Write},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    thread,
};

/// A request or an answer.
#[derive(Debug, Clone)]
pub(crate) struct Message {
    /// Its first line.
    pub(crate) start: String,
    /// Its headers, without the one that says how long the body is.
    pub(crate) headers: Vec<(String, String)>,
    /// Its body.
    pub(crate) body: Vec<u8>,
}

impl Message {
    /// Reads a message; `None` if the peer has closed the connection before one began.
    pub(crate) fn read(reader: &mut impl BufRead) -> io::Result<Option<Self>> {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let start = line.trim_end().to_owned();
        let mut headers = Vec::new();
        let mut length = 0;
        loop {
            line.clear();
            reader.read_line(&mut line)?;
            let Some((name, value)) = line.trim_end().split_once(':') else { break };
            let value = value.trim();
            if name.eq_ignore_ascii_case("content-length") {
                length = value.parse().map_err(io::Error::other)?;
            } else if name.eq_ignore_ascii_case("transfer-encoding") {
                return Err(io::Error::other("a message of unknown length"));
            } else {
                headers.push((name.to_owned(), value.to_owned()));
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body)?;
        Ok(Some(Self { start, headers, body }))
    }

    /// Writes the message at once, so that it is one packet where it fits.
    pub(crate) fn write(&self, stream: &mut impl Write) -> io::Result<()> {
        let mut bytes = format!("{}\r\n", self.start).into_bytes();
        for (name, value) in &self.headers {
            write!(bytes, "{name}: {value}\r\n")?;
        }
        write!(bytes, "content-length: {}\r\n\r\n", self.body.len())?;
        bytes.extend_from_slice(&self.body);
        stream.write_all(&bytes)
    }

    /// A header's value.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// One end of a kept connection.
#[derive(Debug)]
pub(crate) struct Connection {
    stream: TcpStream,
    reader: BufReader<TcpStream>,
}

impl Connection {
    pub(crate) fn new(stream: TcpStream) -> io::Result<Self> {
        stream.set_nodelay(true)?;
        let reader = BufReader::with_capacity(64 * 1024, stream.try_clone()?);
        Ok(Self { stream, reader })
    }

    pub(crate) fn open(address: SocketAddr) -> io::Result<Self> {
        Self::new(TcpStream::connect(address)?)
    }

    pub(crate) fn read(&mut self) -> io::Result<Option<Message>> {
        Message::read(&mut self.reader)
    }

    pub(crate) fn write(&mut self, message: &Message) -> io::Result<()> {
        message.write(&mut self.stream)
    }

    /// Sends a request and waits for its answer.
    pub(crate) fn exchange(&mut self, request: &Message) -> io::Result<Message> {
        self.write(request)?;
        self.read()?.ok_or_else(|| io::Error::from(io::ErrorKind::UnexpectedEof))
    }
}

/// Serves connections on a free port of the loopback interface until the process ends, each on a thread of its own.
pub(crate) fn listen(serve: impl Fn(Connection) -> io::Result<()> + Clone + Send + 'static) -> io::Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let address = listener.local_addr()?;
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let serve = serve.clone();
            // A connection that ends badly is seen, where it matters, by whoever waits for what should have come over it.
            thread::spawn(move || Connection::new(stream).and_then(serve));
        }
    });
    Ok(address)
}
