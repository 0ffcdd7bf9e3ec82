package io.edgepush.service.redis;

import java.io.IOException;
import java.net.Socket;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisSocketFactory;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.JedisSocketFactory;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.util.RedisOutputStream;

/**
 * One connection, from handshake to its end, for one thread that writes and one that reads at the
 * same time. It has an output of its own because Jedis reads the input when a write fails, under
 * the reader's feet; and it connects once because Jedis would silently connect again, without
 * handshake.
 */
final class RedisConnection extends Connection {
  private static final int OUTPUT_BYTES = 1 << 16;

  private final RedisOutputStream output;
  // Set by connect(), which the constructor of the superclass calls: an initializer would undo
  // that.
  private boolean opened;

  private RedisConnection(Sockets sockets, JedisClientConfig client) throws IOException {
    super(sockets, client);
    output = new RedisOutputStream(sockets.socket.getOutputStream(), OUTPUT_BYTES);
  }

  /**
   * Connects, says hello and logs in. Blocks; an interrupt ends it on a virtual thread.
   *
   * @throws redis.clients.jedis.exceptions.JedisException when that fails
   */
  static RedisConnection open(HostAndPort address, JedisClientConfig client) {
    Sockets sockets = new Sockets(new DefaultJedisSocketFactory(address, client));
    try {
      return new RedisConnection(sockets, client);
    } catch (IOException e) {
      throw new JedisConnectionException(e);
    }
  }

  @Override
  public void connect() {
    if (opened && !isConnected()) {
      throw new JedisConnectionException("the connection has ended");
    }
    super.connect();
    opened = true;
  }

  /** Appends a command to the output. For the writing thread. */
  void write(byte[]... arguments) throws IOException {
    output.write((byte) '*');
    output.writeIntCrLf(arguments.length);
    for (byte[] argument : arguments) {
      append(argument);
    }
  }

  /** Appends a command with one more argument. For the writing thread. */
  void write(byte[][] arguments, byte[] last) throws IOException {
    output.write((byte) '*');
    output.writeIntCrLf(arguments.length + 1);
    for (byte[] argument : arguments) {
      append(argument);
    }
    append(last);
  }

  private void append(byte[] argument) throws IOException {
    output.write((byte) '$');
    output.writeIntCrLf(argument.length);
    output.write(argument);
    output.writeCrLf();
  }

  /** Sends what was appended. For the writing thread; has no time limit but {@link #end}. */
  void send() throws IOException {
    output.flush();
  }

  /** Waits for a reply, push or error; the socket's timeout applies. For the reading thread. */
  Object read() {
    return getUnflushedObject();
  }

  /** Ends the connection and with it whoever reads or writes. For any thread; idempotent. */
  void end() {
    try {
      forceDisconnect();
    } catch (IOException e) {
      throw new JedisConnectionException(e);
    }
  }

  private static final class Sockets implements JedisSocketFactory {
    private final JedisSocketFactory factory;
    private Socket socket;

    Sockets(JedisSocketFactory factory) {
      this.factory = factory;
    }

    @Override
    public Socket createSocket() {
      socket = factory.createSocket();
      return socket;
    }
  }
}
