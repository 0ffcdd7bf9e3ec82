package io.edgepush.service.tls;

import io.edgepush.link.ByteStream;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import tlschannel.ServerTlsChannel;

/**
 * TLS 1.2 and 1.3 of a listener, with keys that are read again when their files change. Safe for
 * any thread, {@link #look} for one.
 */
public final class ServerTls {
  private static final System.Logger LOG = System.getLogger(ServerTls.class.getName());
  private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};
  private static final String[] APPLICATIONS = {"http/1.1"};

  private final PemFiles files;
  private final ReloadingKeys keys;
  private final SSLContext context;
  private List<byte[]> before;

  /**
   * Reads the files.
   *
   * @throws IllegalArgumentException says what is wrong with them
   */
  public ServerTls(PemFiles files) {
    this.files = files;
    this.keys = new ReloadingKeys(files.load());
    try {
      before = files.content();
      context = SSLContext.getInstance("TLS");
      context.init(new KeyManager[] {keys}, null, null);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalArgumentException("TLS can not be set up: " + e.getMessage());
    }
  }

  /** For a listener that does TLS itself. */
  public SSLContext context() {
    return context;
  }

  /** The versions that are spoken. */
  public static List<String> protocols() {
    return List.of(PROTOCOLS);
  }

  /** A connection that was accepted; its handshake comes with the first read. */
  public ByteStream stream(SocketChannel channel) {
    return new TlsStream(
        channel,
        ServerTlsChannel.newBuilder(channel, context).withEngineFactory(_ -> engine()).build());
  }

  private SSLEngine engine() {
    SSLEngine engine = context.createSSLEngine();
    engine.setUseClientMode(false);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setProtocols(PROTOCOLS);
    parameters.setApplicationProtocols(APPLICATIONS);
    parameters.setUseCipherSuitesOrder(true);
    engine.setSSLParameters(parameters);
    return engine;
  }

  /** Reads the files again when they have changed; what is wrong is logged, and nothing changes. */
  public void look() {
    try {
      List<byte[]> now = files.content();
      if (PemFiles.same(before, now)) {
        return;
      }
      before = now;
      keys.use(files.load());
      LOG.log(System.Logger.Level.INFO, "TLS keys were read again: {0}", files.certificate());
    } catch (IOException | IllegalArgumentException e) {
      LOG.log(System.Logger.Level.WARNING, "the TLS keys stay as they were: {0}", e.getMessage());
    }
  }
}
