package io.edgepush.bench.load;

import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import tlschannel.ClientTlsChannel;
import tlschannel.TlsChannel;

/** TLS as many clients speak it that do not know of each other. Safe for any thread. */
public final class ClientTls {
  private static final X509Certificate[] NONE = {};
  private final TrustManager[] trust;

  private ClientTls(TrustManager... trust) {
    this.trust = trust;
  }

  /** Accepts certificates that the Java runtime trusts, for the host they name. */
  public static ClientTls verifying() {
    try {
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init((KeyStore) null);
      return new ClientTls(factory.getTrustManagers());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no certificates to trust", e);
    }
  }

  /** Accepts any certificate. */
  public static ClientTls insecure() {
    return new ClientTls(new Anybody());
  }

  TlsChannel channel(SocketChannel channel, String host, int port) {
    return ClientTlsChannel.newBuilder(channel, engine(host, port)).build();
  }

  /** Of a context of its own, so that each connection costs a whole handshake and resumes none. */
  private SSLEngine engine(String host, int port) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust, null);
      SSLEngine engine = context.createSSLEngine(host, port);
      engine.setUseClientMode(true);
      SSLParameters parameters = engine.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      parameters.setApplicationProtocols(new String[] {"http/1.1"});
      engine.setSSLParameters(parameters);
      return engine;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no TLS", e);
    }
  }

  private static final class Anybody extends X509ExtendedTrustManager {
    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return NONE;
    }
  }
}
