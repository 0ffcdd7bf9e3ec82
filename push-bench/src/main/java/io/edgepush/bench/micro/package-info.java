/** JMH micro-benchmarks of the core: {@code ./bench micro}. */
package io.edgepush.bench.micro;
