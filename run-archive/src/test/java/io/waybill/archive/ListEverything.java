package io.waybill.archive;

import io.waybill.manifest.RunId;
import io.waybill.manifest.RunRange;
import java.net.URI;
import java.util.stream.Stream;

/** Lists an archive from a process of its own, and prints how many runs it has. */
final class ListEverything {

    private ListEverything() {}

    /** Takes the server's URL and the archive's location. */
    public static void main(String[] arguments) throws Exception {
        try (RunArchive archive = RunArchive.at(arguments[1])
                        .client(TestClients.of(URI.create(arguments[0])))
                        .open();
                Stream<RunId> runs = archive.runs(RunRange.all())) {
            System.out.println(runs.count());
        }
    }
}
