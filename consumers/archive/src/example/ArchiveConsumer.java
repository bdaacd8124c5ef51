package example;

import io.waybill.archive.RunArchive;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunRange;
import java.io.IOException;
import java.util.stream.Stream;

/** Lists the runs of an archive. */
public final class ArchiveConsumer {

    private ArchiveConsumer() {}

    public static void main(String[] args) throws IOException {
        try (RunArchive archive = RunArchive.at(args[0]).open();
                Stream<RunId> runs = archive.runs(RunRange.all())) {
            runs.forEach(System.out::println);
        }
    }
}
