package io.edgepush.service;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What SIGTERM, SIGINT and SIGHUP do: the first of them ends the process in order, with 0; one more
 * ends it at once, with 128 and the signal's number, as it would have been without us. As process 1
 * of a container, too.
 *
 * <p>The JVM's own handling runs its hooks once, and is deaf to a second signal then. {@code
 * sun.misc.Signal} is what the JDK offers instead; it is called by reflection because javac warns
 * of its use, and knows no way to say that it is meant.
 */
final class EndSignals {
  private static final int BY_SIGNAL = 128;
  private static final int FAILED = 1;

  private final AtomicBoolean told = new AtomicBoolean();
  private final Runnable drain;

  private EndSignals(Runnable drain) {
    this.drain = drain;
  }

  /** Takes the signals from now on. */
  static void drainBy(Runnable drain) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      EndSignals ends = new EndSignals(drain);
      Object proxy =
          Proxy.newProxyInstance(
              EndSignals.class.getClassLoader(),
              new Class<?>[] {handler},
              (_, _, arguments) -> ends.received(arguments[0]));
      for (String name : new String[] {"TERM", "INT", "HUP"}) {
        take(signal, handler, name, proxy);
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this JDK has no sun.misc.Signal", e);
    }
  }

  private static void take(Class<?> signal, Class<?> handler, String name, Object proxy)
      throws ReflectiveOperationException {
    try {
      Object named = signal.getConstructor(String.class).newInstance(name);
      signal.getMethod("handle", signal, handler).invoke(null, named, proxy);
    } catch (InvocationTargetException e) {
      if (!(e.getCause() instanceof IllegalArgumentException)) {
        throw e;
      } // not known to this system, or left to it by -Xrs
    }
  }

  /** On a thread that the JVM made for this signal. */
  private Object received(Object signal) throws ReflectiveOperationException {
    int code = FAILED;
    try {
      if (told.compareAndSet(false, true)) {
        drain.run();
        code = 0;
      } else {
        code = BY_SIGNAL + (int) signal.getClass().getMethod("getNumber").invoke(signal);
      }
      return null;
    } finally {
      Runtime.getRuntime().halt(code);
    }
  }
}
