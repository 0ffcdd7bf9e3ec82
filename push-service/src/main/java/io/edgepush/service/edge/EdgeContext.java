package io.edgepush.service.edge;

import io.helidon.common.context.Context;
import io.helidon.http.encoding.ContentEncodingContext;
import io.helidon.http.media.MediaContext;
import io.helidon.webserver.ListenerConfig;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.http.DirectHandlers;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** What Helidon's connections ask of their listener. */
final class EdgeContext implements ListenerContext {
  private final ListenerConfig config;
  private final Context context = Context.create();
  private final MediaContext mediaContext = MediaContext.create();
  private final ContentEncodingContext encoding =
      ContentEncodingContext.builder().contentEncodingsDiscoverServices(false).build();
  private final DirectHandlers directHandlers;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

  EdgeContext(ListenerConfig config) {
    this.config = config;
    this.directHandlers = config.directHandlers().orElseGet(EdgeErrors::directHandlers);
  }

  @Override
  public Context context() {
    return context;
  }

  @Override
  public MediaContext mediaContext() {
    return mediaContext;
  }

  @Override
  public ContentEncodingContext contentEncodingContext() {
    return encoding;
  }

  @Override
  public DirectHandlers directHandlers() {
    return directHandlers;
  }

  @Override
  public ListenerConfig config() {
    return config;
  }

  @Override
  public ExecutorService executor() {
    return executor;
  }
}
