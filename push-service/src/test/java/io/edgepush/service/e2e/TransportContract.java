package io.edgepush.service.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.hub.client.ClientView;
import io.edgepush.hub.client.Ledger;
import io.edgepush.hub.client.Message;
import io.edgepush.model.Cursor;
import io.edgepush.model.EventId;
import io.edgepush.model.Topic;
import io.edgepush.service.testing.Ask;
import io.edgepush.service.testing.Publisher;
import io.edgepush.service.testing.Subscriber;
import io.edgepush.service.testing.TestNode;
import io.edgepush.service.testing.Wire;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds on every transport, over real sockets, with one partition and with several. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class TransportContract {
  /** How many events a topic keeps on the nodes of this test. */
  static final int RETAINED = 20;

  private static final AtomicInteger TOPICS = new AtomicInteger();

  private final List<Subscriber> open = new ArrayList<>();
  private Map<Integer, TestNode> nodes;

  /** The transport that is tested. */
  abstract Wire wire();

  @BeforeAll
  void startNodes() {
    nodes = Map.of(1, node(1), 4, node(4));
  }

  private static TestNode node(int partitions) {
    return TestNode.start(
        "--heartbeat=1s",
        "--outbox-bytes=262144",
        "--partitions=" + partitions,
        "--retention-events=" + RETAINED);
  }

  @AfterEach
  void closeSubscribers() {
    open.forEach(Subscriber::close);
    open.clear();
  }

  @AfterAll
  void stopNodes() {
    nodes.values().forEach(TestNode::close);
  }

  TestNode nodeWith(int partitions) {
    return nodes.get(partitions);
  }

  static Topic topic() {
    return new Topic("contract." + TOPICS.incrementAndGet());
  }

  /** Topics that lie in each partition. */
  static List<Topic> topics(int count) {
    return IntStream.range(0, count).mapToObj(i -> topic()).toList();
  }

  /** To be closed after the test. */
  <T extends Subscriber> T closing(T subscriber) {
    open.add(subscriber);
    return subscriber;
  }

  Subscriber subscribe(int partitions, Ask ask) {
    return closing(wire().subscribe(nodeWith(partitions), ask));
  }

  Subscriber resume(int partitions, Ask ask, ClientView view) {
    return closing(wire().resume(nodeWith(partitions), ask, view));
  }

  static List<EventId> ids(List<Message.Event> events) {
    return events.stream().map(Message.Event::id).toList();
  }

  static void assertClean(int delivered, Ledger ledger, ClientView view, List<Topic> topics) {
    assertEquals(
        delivered
            + " published, "
            + delivered
            + " delivered, 0 lost, 0 twice, 0 out of order, 0 gaps announced",
        ledger.account(view, ledger.all(topics)).sentence());
    assertEquals(List.of(), view.dropped(), "sent again");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void aSubscriberGetsWhatIsPublishedFromNowOnInOrder(int partitions) {
    Ledger ledger = new Ledger();
    Publisher publisher = new Publisher(nodeWith(partitions), ledger);
    Topic topic = topic();
    publisher.publish(topic, 3);
    Ledger.Mark now = ledger.now(List.of(topic));
    Subscriber subscriber = subscribe(partitions, Ask.of(topic));
    publisher.publish(topic, 7);
    publisher.publish(topic);

    subscriber.awaitEvents(8);
    assertEquals(
        "8 published, 8 delivered, 0 lost, 0 twice, 0 out of order, 0 gaps announced",
        ledger.account(subscriber.view(), now).sentence());
    assertEquals(8, subscriber.view().count(), "nothing older");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void theNewestEventsOfEachTopicComeFirstWhenTheyAreAskedFor(int partitions) {
    Ledger ledger = new Ledger();
    Publisher publisher = new Publisher(nodeWith(partitions), ledger);
    List<Topic> topics = topics(3);
    publisher.publish(topics.get(0), 5);
    publisher.publish(topics.get(1), 2);
    Subscriber subscriber = subscribe(partitions, Ask.of(topics).latest(3));

    List<EventId> first = ledger.ids(topics.get(0)).subList(2, 5);
    assertEquals(first, ofTopic(subscriber.view(), topics.get(0)));
    assertEquals(ledger.ids(topics.get(1)), ofTopic(subscriber.view(), topics.get(1)));
    assertEquals(5, subscriber.view().count());
    publisher.publish(topics);
    subscriber.awaitEvents(8);
  }

  static List<EventId> ofTopic(ClientView view, Topic topic) {
    return ids(view.accepted().stream().filter(e -> e.topic().equals(topic)).toList());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void aClientThatIsCutGoesOnBehindItsCursor(int partitions) {
    Ledger ledger = new Ledger();
    Publisher publisher = new Publisher(nodeWith(partitions), ledger);
    List<Topic> topics = topics(4);
    Subscriber first = subscribe(partitions, Ask.of(topics));
    topics.forEach(topic -> publisher.publish(topic, 2));
    first.awaitEvents(8).cut();
    topics.forEach(topic -> publisher.publish(topic, 2));
    Subscriber second = resume(partitions, Ask.of(topics), first.view());
    second.awaitEvents(16);
    publisher.publish(topics);
    second.awaitEvents(20);

    assertClean(20, ledger, second.view(), topics);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void lastEventIdBeatsTheCursorOfTheUrl(int partitions) {
    Ledger ledger = new Ledger();
    Publisher publisher = new Publisher(nodeWith(partitions), ledger);
    Topic topic = topic();
    List<EventId> ids = publisher.publish(topic, 6);
    Ask ask = Ask.of(topic).behind(ids.get(0).toString()).lastEventId(ids.get(3).toString());
    Subscriber subscriber = subscribe(partitions, ask);

    assertEquals(ids.subList(4, 6), ids(subscriber.view().accepted()));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void severalTopicsAreMergedInTheOrderOfPositions(int partitions) {
    Ledger ledger = new Ledger();
    Publisher publisher = new Publisher(nodeWith(partitions), ledger);
    List<Topic> topics = topics(5);
    Subscriber before = subscribe(partitions, Ask.of(topics));
    Cursor start = before.view().cursor();
    before.close();
    IntStream.range(0, 4).forEach(i -> publisher.publish(topics));
    ClientView view = new ClientView();
    closing(wire().connect(nodeWith(partitions), Ask.of(topics).behind(start), view))
        .awaitEvents(20);

    for (int p = 0; p < partitions; p++) {
      int partition = p;
      List<EventId> came =
          ids(view.accepted()).stream().filter(id -> id.partition() == partition).toList();
      List<EventId> sorted =
          came.stream()
              .sorted((a, b) -> a.equals(b) ? 0 : a.position().isAfter(b.position()) ? 1 : -1)
              .toList();
      assertEquals(sorted, came);
    }
    assertClean(20, ledger, view, topics);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void aConnectionThatIsCutBeforeItsFirstEventResumesToo(int partitions) {
    Ledger ledger = new Ledger();
    Publisher publisher = new Publisher(nodeWith(partitions), ledger);
    List<Topic> topics = topics(4);
    Subscriber first = subscribe(partitions, Ask.of(topics));
    first.cut();
    assertEquals(partitionsOf(topics, partitions), first.view().cursor().positions().keySet());
    publisher.publish(topics);
    resume(partitions, Ask.of(topics), first.view()).awaitEvents(4);

    assertClean(4, ledger, first.view(), topics);
  }

  static java.util.Set<Integer> partitionsOf(List<Topic> topics, int partitions) {
    return topics.stream()
        .map(topic -> topic.partition(partitions))
        .collect(java.util.stream.Collectors.toSet());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void aCursorOlderThanWhatIsRetainedGetsAGapThenWhatIsRetainedThenLiveEvents(int partitions) {
    Ledger ledger = new Ledger();
    Publisher publisher = new Publisher(nodeWith(partitions), ledger);
    Topic topic = topic();
    EventId seen = publisher.publish(topic);
    publisher.publish(topic, RETAINED + 5);
    Subscriber subscriber = subscribe(partitions, Ask.of(topic).behind(seen.toString()));
    publisher.publish(topic);
    subscriber.awaitEvents(RETAINED + 1);

    assertAnnounced(subscriber.view(), "retention", seen);
    assertEquals(
        RETAINED
            + 6
            + " published, "
            + (RETAINED + 1)
            + " delivered, 0 lost, 0 twice, 0 out of order, "
            + "1 gaps announced",
        line(ledger, subscriber, topic, seen));
  }

  private static String line(Ledger ledger, Subscriber subscriber, Topic topic, EventId seen) {
    return ledger
        .account(subscriber.view(), ledger.behind(topic, seen))
        .sentence()
        .replaceFirst(" \\(.*", "");
  }

  private static void assertAnnounced(ClientView view, String reason, EventId from) {
    assertEquals(1, view.gaps().size());
    assertEquals(reason, view.gaps().getFirst().reason());
    assertEquals(from, view.gaps().getFirst().from());
    List<Message> messages = view.connection();
    int gap = messages.indexOf(view.gaps().getFirst());
    assertFalse(
        messages.subList(0, gap).stream().anyMatch(Message.Event.class::isInstance),
        "the gap comes first");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void aCursorOfAnUnknownEpochGetsAGapThenWhatIsRetainedThenLiveEvents(int partitions) {
    Ledger ledger = new Ledger();
    Publisher publisher = new Publisher(nodeWith(partitions), ledger);
    Topic topic = topic();
    publisher.publish(topic, 3);
    EventId lost = EventId.parse(topic.partition(partitions) + ":longAgo:1763800000000-3");
    Subscriber subscriber = subscribe(partitions, Ask.of(topic).behind(lost.toString()));
    publisher.publish(topic);
    subscriber.awaitEvents(4);

    assertAnnounced(subscriber.view(), "epoch", lost);
    assertEquals(ledger.ids(topic), ids(subscriber.view().accepted()));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void aPurgedTopicGetsAGapThenLiveEvents(int partitions) {
    Ledger ledger = new Ledger();
    Publisher publisher = new Publisher(nodeWith(partitions), ledger);
    Topic topic = topic();
    List<EventId> ids = publisher.publish(topic, 3);
    publisher.purge(topic);
    Subscriber subscriber = subscribe(partitions, Ask.of(topic).behind(ids.getFirst().toString()));
    EventId live = publisher.publish(topic);
    subscriber.awaitEvents(1);

    assertAnnounced(subscriber.view(), "retention", ids.getFirst());
    assertEquals(ids.getLast(), subscriber.view().gaps().getFirst().to());
    assertEquals(List.of(live), ids(subscriber.view().accepted()));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void aClientThatSawEverythingGetsNoGapFromAPurge(int partitions) {
    Publisher publisher = new Publisher(nodeWith(partitions), new Ledger());
    Topic topic = topic();
    EventId last = publisher.publish(topic, 3).getLast();
    publisher.purge(topic);
    Subscriber subscriber = subscribe(partitions, Ask.of(topic).behind(last.toString()));
    publisher.publish(topic);

    assertEquals(List.of(), subscriber.awaitEvents(1).view().gaps());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void anyBytesArriveAsBase64(int partitions) {
    Publisher publisher = new Publisher(nodeWith(partitions), new Ledger());
    Topic topic = topic();
    Subscriber subscriber = subscribe(partitions, Ask.of(topic));
    byte[] bytes = {0, 1, 2, -1, '\n', '\r', '"', -128};
    EventId id = publisher.publish(topic, "application/octet-stream", bytes);

    Message.Event event = subscriber.awaitEvents(1).view().accepted().getFirst();
    assertEquals(
        Map.of(
            "id",
            id.toString(),
            "topic",
            topic.name(),
            "encoding",
            "base64",
            "data",
            Base64.getEncoder().encodeToString(bytes)),
        event.members());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void typeKeyAndAnyJsonArriveAsTheyWerePublished(int partitions) {
    Publisher publisher = new Publisher(nodeWith(partitions), new Ledger());
    Topic topic = topic();
    Subscriber subscriber = subscribe(partitions, Ask.of(topic));
    String data =
        "{\"text\":\"Grüße\\n\\u0000 \\\"x\\\"\", \"list\":[1,2.5,true,null,{}],\"emoji\":\"\uD83D\uDE80\"}";
    publisher.publishObject(
        "{\"topic\":\""
            + topic
            + "\",\"type\":\"said.it\",\"key\":\"k\u00e9y\",\"data\":"
            + data
            + "}");

    Message.Event event = subscriber.awaitEvents(1).view().accepted().getFirst();
    assertEquals("said.it", event.members().get("type"));
    assertEquals("k\u00e9y", event.members().get("key"));
    assertEquals(
        io.edgepush.hub.client.Json.read(data.getBytes(StandardCharsets.UTF_8)), event.data());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void anEventOfTheGreatestSizeArrives(int partitions) {
    Publisher publisher = new Publisher(nodeWith(partitions), new Ledger());
    Topic topic = topic();
    Subscriber subscriber = subscribe(partitions, Ask.of(topic));
    publisher.publish(topic, "application/octet-stream", new byte[64 * 1024]);

    String data = (String) subscriber.awaitEvents(1).view().accepted().getFirst().data();
    assertEquals(64 * 1024, Base64.getDecoder().decode(data).length);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void everySubscriberOfATopicGetsAllOfIt(int partitions) {
    Ledger ledger = new Ledger();
    Publisher publisher = new Publisher(nodeWith(partitions), ledger);
    List<Topic> topics = topics(2);
    List<Subscriber> subscribers =
        IntStream.range(0, 10).mapToObj(i -> subscribe(partitions, Ask.of(topics))).toList();
    IntStream.range(0, 5).forEach(i -> publisher.publish(topics));

    subscribers.forEach(
        subscriber -> assertClean(10, ledger, subscriber.awaitEvents(10).view(), topics));
    assertTrue(ledger.published() == 10);
  }
}
