package io.waybill.spark;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Reads enriched events as rows: one for each line of the input files, whatever is in it.
 *
 * <p>The schema is fixed; nothing is inferred and the data are read once. It has the 131 columns of the canonical event under
 * their names, {@code run_id}, and {@code _bad}. Texts are strings (so is {@code event_id}), integers {@code int}, flags {@code
 * boolean}, times {@code timestamp} (what they have beyond microseconds is cut off), coordinates {@code double}, other
 * numbers {@code decimal(38,18)}. The columns of entities are JSON as it was sent or, with the option {@code entities=array},
 * arrays of {@code schema} and {@code data}; {@code unstruct_event} is one such pair then.
 *
 * <p>A value depends on its own column alone: it is null where the column is empty, or is not what it should be by the rules
 * of {@link io.waybill.event.EventTransformer#flattened()}, or has more digits than its type. {@code _bad} says what is wrong
 * with the line, and is null where nothing is: {@code where _bad is null} are the events that the transformer would write, but
 * for those with a number that does not fit (code {@code DOES_NOT_FIT}). It is checked only where it is asked for, and only
 * the columns that are asked for are decoded.
 *
 * <p>Locations are archives, whose folders are runs by a {@link io.waybill.archive.RunLayout}, or the folder of one run, in
 * any file system that Hadoop knows. Files and runs that are no data, or not yet, are left out by the rules of {@link
 * io.waybill.archive.RunArchive#inspect(io.waybill.manifest.RunId)} and those of the options, and a warning in the log says so.
 * A folder in which there is something, and nothing of it is a run, is refused; an empty one has no rows. The files are found
 * when this is called, and stay the same for all that is done with the dataset.
 */
public final class EnrichedEvents {

    private EnrichedEvents() {}

    /**
     * Reads all ready runs of some locations.
     *
     * @param spark the session
     * @param locations archives or folders of runs, at least one
     * @return a row for each line
     * @throws java.io.UncheckedIOException if a location cannot be listed, or is a file
     * @throws IllegalArgumentException if there is no location, nothing in one is a run, or two have a file in common
     */
    public static Dataset<Row> read(SparkSession spark, String... locations) {
        return read(spark, Map.of(), locations);
    }

    /**
     * Reads all ready runs of some locations.
     *
     * @param spark the session
     * @param options {@code entities}, {@code layout} and the rules of readiness, as {@link SnowplowSource} has them
     * @param locations archives or folders of runs, at least one
     * @return a row for each line
     * @throws java.io.UncheckedIOException if a location cannot be listed, or is a file
     * @throws IllegalArgumentException if an option is unknown or not valid, there is no location, nothing in one is a run, or
     *     two have a file in common
     */
    public static Dataset<Row> read(SparkSession spark, Map<String, String> options, String... locations) {
        if (locations.length == 0) {
            throw new IllegalArgumentException(
                    "there is no location to read, want an archive or the folder of one run");
        }
        ReadOptions read = ReadOptions.of(options);
        Configuration configuration = spark.sparkContext().hadoopConfiguration();
        List<InputFile> files = Arrays.stream(locations)
                .flatMap(location -> Listing.files(location, read, configuration).stream())
                .toList();
        Set<String> seen = new HashSet<>();
        files.stream()
                .map(InputFile::location)
                .filter(file -> !seen.add(file))
                .findFirst()
                .ifPresent(file -> {
                    throw new IllegalArgumentException(
                            "%s is in more than one of the locations %s: its rows would be there twice"
                                    .formatted(file, Arrays.toString(locations)));
                });
        return read(spark, options, files);
    }

    /** Reads these files and no others. */
    static Dataset<Row> read(SparkSession spark, Map<String, String> options, List<InputFile> files) {
        return spark.read()
                .format(SnowplowSource.FORMAT)
                .options(options)
                .option(
                        SnowplowSource.FILES,
                        files.stream().map(InputFile::toString).collect(Collectors.joining("\n")))
                .load();
    }
}
