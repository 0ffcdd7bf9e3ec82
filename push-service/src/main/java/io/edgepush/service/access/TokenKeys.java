package io.edgepush.service.access;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The keys that tokens are verified with, by their ids. Safe for any thread: readers see one map or
 * the next one, never half of it.
 */
public final class TokenKeys {
  private static final System.Logger LOG = System.getLogger(TokenKeys.class.getName());

  /** An unknown id may be of a new key; how often that is looked up, whoever asks. */
  private static final Duration LOOK_UP_AT_MOST_EVERY = Duration.ofSeconds(10);

  private final InstantSource clock;

  /** Guards the three below; held while keys are loaded. */
  private final ReentrantLock loading = new ReentrantLock();

  private List<TokenKey> configured = List.of();
  private Map<TokenKey, List<VerificationKey>> loaded = Map.of();
  private volatile long lookedUpMs = Long.MIN_VALUE;

  private volatile Map<Name, List<VerificationKey>> byName = Map.of();
  private volatile boolean remote;

  private record Name(Algorithm algorithm, String id) {}

  /** Without keys. */
  public TokenKeys(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * Takes what configuration says from now on, all of it or nothing. A key set that can not be
   * fetched now is tried again later. May block.
   *
   * @throws KeyFault names the key that can not be used
   */
  public void configure(List<TokenKey> keys) {
    loading.lock();
    try {
      Map<TokenKey, List<VerificationKey>> next = new HashMap<>();
      for (TokenKey key : keys) {
        next.put(key, load(key, !(key.source() instanceof TokenKey.Source.KeySetUrl)));
      }
      configured = List.copyOf(keys);
      remote = keys.stream().anyMatch(k -> k.source() instanceof TokenKey.Source.KeySetUrl);
      use(next);
    } finally {
      loading.unlock();
    }
  }

  /** Reads all keys again; one that can not be read stays as it was. May block. */
  public void refresh() {
    loading.lock();
    try {
      lookedUpMs = clock.millis();
      Map<TokenKey, List<VerificationKey>> next = new HashMap<>();
      for (TokenKey key : configured) {
        next.put(key, load(key, false));
      }
      use(next);
    } finally {
      loading.unlock();
    }
  }

  private List<VerificationKey> load(TokenKey key, boolean required) {
    try {
      return KeyLoader.load(key);
    } catch (KeyFault e) {
      if (required) {
        throw new KeyFault("token key '" + key.name() + "': " + e.getMessage());
      }
      LOG.log(
          System.Logger.Level.WARNING,
          "token key ''{0}'' stays as it was: {1}",
          key.name(),
          e.getMessage());
      return loaded.getOrDefault(key, List.of());
    }
  }

  private void use(Map<TokenKey, List<VerificationKey>> next) {
    Map<Name, List<VerificationKey>> names = new HashMap<>();
    for (TokenKey key : configured) {
      for (VerificationKey v : next.getOrDefault(key, List.of())) {
        names.computeIfAbsent(new Name(v.algorithm(), v.id()), _ -> new ArrayList<>()).add(v);
      }
    }
    loaded = next;
    byName = names;
  }

  /** Whether there is any, at hand or to be fetched. */
  boolean any() {
    return remote || !byName.isEmpty();
  }

  /**
   * The keys for tokens of an algorithm and id. When there is none, key sets are fetched, though
   * not often; then it blocks for seconds.
   *
   * @param id the {@code kid}; empty for none
   */
  List<VerificationKey> find(Algorithm algorithm, String id) {
    Name name = new Name(algorithm, id);
    List<VerificationKey> found = byName.get(name);
    if (found == null && remote && lookUp()) {
      found = byName.get(name);
    }
    return found == null ? List.of() : found;
  }

  /** One thread looks up, and the others do without meanwhile. */
  private boolean lookUp() {
    if (clock.millis() - LOOK_UP_AT_MOST_EVERY.toMillis() < lookedUpMs || !loading.tryLock()) {
      return false;
    }
    try {
      refresh();
      return true;
    } finally {
      loading.unlock();
    }
  }
}
