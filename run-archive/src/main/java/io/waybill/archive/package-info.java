/**
 * The run archive: lists the runs below a folder and opens their files. It knows nothing of the manifest's records, only
 * its run ids.
 *
 * <pre>{@code
 * try (RunArchive archive = RunArchive.at("/data/enriched/archive").onForeign(System.err::println).open();
 *         Stream<RunId> runs = archive.runs(RunRange.all())) {
 *     for (RunId run : (Iterable<RunId>) runs::iterator) {
 *         RunInspection inspection = archive.inspect(run);
 *         if (inspection.status() == RunInspection.Status.READY) {
 *             for (RunFile file : inspection.files()) {
 *                 try (InputStream events = archive.open(file)) {
 *                     …
 *                 }
 *             }
 *         }
 *     }
 * }
 * }</pre>
 */
@NullMarked
package io.waybill.archive;

import org.jspecify.annotations.NullMarked;
