package io.edgepush.publisher;

/** What one method of one path does, on the request's own virtual thread. */
@FunctionalInterface
interface Operation {
  /**
   * Handles a call of somebody who is known; may block.
   *
   * @throws io.edgepush.model.ProblemException when the request is refused
   * @throws io.edgepush.backplane.BackplaneException when the event store fails
   */
  Answer handle(Call call);
}
