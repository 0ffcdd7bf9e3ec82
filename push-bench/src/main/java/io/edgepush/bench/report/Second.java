package io.edgepush.bench.report;

/**
 * A second of a run.
 *
 * @param at when it ended, in seconds since the first
 * @param measured false in the warm-up
 * @param deliveries what arrived in it
 * @param p50 half of that took so many microseconds or less
 * @param p99 99 % of it did
 * @param max all of it did
 * @param cpuPercent what the server used of one CPU; 0 when it is not known
 * @param rssKib what the server occupied; 0 when it is not known
 */
public record Second(
    double at,
    boolean measured,
    long deliveries,
    long p50,
    long p99,
    long max,
    double cpuPercent,
    long rssKib) {}
