package io.waybill.spark;

import io.waybill.archive.RunArchive;
import io.waybill.archive.RunFile;
import io.waybill.manifest.RunId;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.connector.read.InputPartition;

/**
 * A file of a run, which one task reads as a whole: gzip cannot be begun in the middle.
 *
 * @param archive the location of the archive
 * @param run the run's id
 * @param name the file's path below the run's folder
 * @param size its bytes as stored
 */
record InputFile(String archive, String run, String name, long size) implements InputPartition {

    /** Between the components in an option; no run's id can hold it, and names that do are refused. */
    private static final String SEPARATOR = "\t";

    static InputFile of(RunArchive archive, RunFile file) {
        if (file.name().chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("the name of file '%s' of run %s in %s has a control character"
                    .formatted(file.name(), file.run(), archive.location()));
        }
        return new InputFile(archive.location(), file.run().key(), file.name(), file.size());
    }

    static InputFile parse(String text) {
        String[] parts = text.split(SEPARATOR, 4);
        return new InputFile(parts[0], parts[1], parts[2], Long.parseLong(parts[3]));
    }

    @Override
    public String toString() {
        return String.join(SEPARATOR, archive, run, name, Long.toString(size));
    }

    /** Where the file is. */
    String location() {
        return archive + run.substring(HadoopFolder.idPrefix(new Path(archive)).length()) + name;
    }

    /** The file's lines, inflated where it is gzip. */
    InputStream open(Configuration configuration) throws IOException {
        try (RunArchive folder =
                RunArchive.in(HadoopFolder.at(archive, configuration)).open()) {
            return folder.open(new RunFile(new RunId(run), name, size, Instant.EPOCH, ""));
        }
    }
}
