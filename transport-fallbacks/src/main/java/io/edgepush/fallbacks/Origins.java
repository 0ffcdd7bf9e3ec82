package io.edgepush.fallbacks;

import java.net.URI;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * The web origins (RFC 6454) whose pages may use the public port besides its own: {@code
 * https://app.example.com}, {@code https://*.example.com} for any name below, {@code loopback} for
 * pages of this machine on any port, {@code *} for all. What comes without an origin is no page.
 *
 * @param allowed as configuration writes them, in lower case
 */
public record Origins(Set<String> allowed) {
  private static final String ANY = "*";
  private static final String LOOPBACK = "loopback";
  private static final Pattern ORIGIN =
      Pattern.compile("https?://(?:(?:\\*\\.)?[a-z0-9.-]+|\\[[0-9a-f:.]+])(?::\\d{1,5})?");

  /** Copies the set. */
  public Origins {
    allowed = Set.copyOf(allowed);
  }

  /**
   * Reads a list, separated by commas or spaces.
   *
   * @throws IllegalArgumentException names what is not an origin
   */
  public static Origins parse(String list) {
    Set<String> origins = new LinkedHashSet<>();
    Arrays.stream(list.split("[,\\s]+"))
        .filter(s -> !s.isEmpty())
        .map(s -> s.toLowerCase(Locale.ROOT))
        .forEach(
            origin -> {
              if (!origin.equals(ANY)
                  && !origin.equals(LOOPBACK)
                  && !ORIGIN.matcher(origin).matches()) {
                throw new IllegalArgumentException(origin);
              }
              origins.add(origin);
            });
    return new Origins(origins);
  }

  /** Whether every origin is permitted, though not to use what its user's browser holds. */
  boolean any() {
    return allowed.contains(ANY);
  }

  /**
   * Whether a request may come from where it does.
   *
   * @param header the value of a request header by its name in lower case; empty when absent
   */
  public boolean permit(UnaryOperator<String> header) {
    return header.apply("origin").isEmpty() || any() || trust(header);
  }

  /**
   * Whether a request comes from a page that may act for its user, so that a cookie counts. A
   * browser sends no origin with a GET to the page's own host, but says so otherwise.
   */
  public boolean trust(UnaryOperator<String> header) {
    String origin = header.apply("origin").toLowerCase(Locale.ROOT);
    if (origin.isEmpty()) {
      return header.apply("sec-fetch-site").equals("same-origin");
    }
    return own(origin, header.apply("host")) || named(origin);
  }

  private static boolean own(String origin, String host) {
    int authority = origin.indexOf("://") + 3;
    return authority > 2 && !host.isEmpty() && origin.substring(authority).equalsIgnoreCase(host);
  }

  private boolean named(String origin) {
    if (!ORIGIN.matcher(origin).matches() || origin.contains(ANY)) {
      return false;
    }
    if (allowed.contains(origin) || allowed.contains(LOOPBACK) && loopback(origin)) {
      return true;
    }
    for (String one : allowed) {
      int star = one.indexOf("://*.") + 3;
      if (star > 2
          && origin.startsWith(one.substring(0, star))
          && origin.endsWith(one.substring(star + 1))
          && origin.length() >= one.length()) {
        return true;
      }
    }
    return false;
  }

  private static boolean loopback(String origin) {
    String host = String.valueOf(URI.create(origin).getHost());
    return host.equals("localhost")
        || host.equals("[::1]")
        || host.matches("127(?:\\.\\d{1,3}){3}");
  }
}
