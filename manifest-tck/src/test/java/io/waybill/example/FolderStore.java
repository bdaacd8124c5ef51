package io.waybill.example;

import io.waybill.manifest.*;
import io.waybill.manifest.spi.RunManifestStore;
import java.io.IOException;
import java.net.*;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.time.*;
import java.util.*;
import java.util.stream.*;

// spotless:off
/** A toy backend: in a local folder, a file for each version of each run. */
record FolderStore(Path folder) implements RunManifestStore {

    @Override public void create() { // harmless when the folder is there, and when many make it
        if (!folder.toFile().mkdirs()) {
            present();
        }
    }

    @Override public Optional<RunRecord> find(RunId run) {
        long last = 0; // versions have no gaps and are never deleted
        while (Files.exists(file(run, last + 1))) {
            last++;
        }
        return last == 0 ? Optional.empty() : Optional.of(read(file(run, last)));
    }

    @Override public Map<RunId, RunRecord> findAll(Collection<RunId> runs) {
        return runs.stream().distinct().flatMap(id -> find(id).stream())
                .collect(Collectors.toMap(RunRecord::id, record -> record));
    }

    @Override public boolean compareAndPut(RunRecord next) {
        if (next.version() > 1 && !Files.exists(file(next.id(), next.version() - 1))) {
            return false;
        }
        try {
            Path whole = Files.write(Files.createTempFile(present(), "", ".new"), lines(next));
            try {
                Files.createLink(file(next.id(), next.version()), whole); // one step, which succeeds for one
                return true;
            } finally {
                Files.delete(whole);
            }
        } catch (FileAlreadyExistsException e) { // an answer: another was first
            return false;
        } catch (IOException e) { // perhaps the file is there all the same: RunManifest will look
            throw new OutcomeUnknownException(this + ": " + e, e);
        }
    }

    @Override public Stream<RunRecord> list(RunRange range) { // all at once; a real one reads page by page
        try (Stream<Path> files = Files.list(present())) {
            Stream<RunId> runs = files.filter(file -> file.toString().endsWith(".1")).map(file -> read(file).id());
            return runs.filter(range::contains).sorted().flatMap(run -> find(run).stream()).toList().stream();
        } catch (IOException e) {
            throw new StoreUnavailableException(this + ": " + e, e);
        }
    }

    @Override public Instant now() { return Instant.now(); } // of the one machine that has the folder
    @Override public void close() {} // nothing is open

    private Path present() {
        if (!Files.isDirectory(folder)) {
            throw new StoreMissingException(this + ": there is no folder, and create() makes it, if it may");
        }
        return folder;
    }

    private Path file(RunId run, long version) { // by a short name, as an id may be too long for one
        UUID name = UUID.nameUUIDFromBytes(run.key().getBytes(StandardCharsets.UTF_8));
        return present().resolve(name + "." + version);
    }

    private static List<String> lines(RunRecord r) {
        Stream<Object> fields = Stream.of(r.id(), r.version(), r.state(), r.owner(), r.token(), r.at(), r.lease(),
                r.attempts(), Optional.ofNullable(r.retryAt()).map(Instant::toString).orElse(""));
        Stream<String> details = r.details().entrySet().stream().flatMap(e -> Stream.of(e.getKey(), e.getValue()));
        return Stream.concat(fields, details).map(f -> URLEncoder.encode("" + f, StandardCharsets.UTF_8)).toList();
    }

    private RunRecord read(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            List<String> f = lines.map(line -> URLDecoder.decode(line, StandardCharsets.UTF_8)).toList();
            Stream<Integer> names = IntStream.range(9, f.size()).filter(i -> i % 2 == 1).boxed();
            return new RunRecord(new RunId(f.get(0)), Long.parseLong(f.get(1)), RunState.valueOf(f.get(2)), f.get(3),
                    f.get(4), Instant.parse(f.get(5)), Duration.parse(f.get(6)), Integer.parseInt(f.get(7)),
                    f.get(8).isEmpty() ? null : Instant.parse(f.get(8)),
                    names.collect(Collectors.toMap(f::get, i -> f.get(i + 1))));
        } catch (RuntimeException e) { // whatever does not parse
            throw new CorruptRecordException(file + " holds no record", e);
        } catch (IOException e) {
            throw new StoreUnavailableException(this + ": " + e, e);
        }
    }
}
// spotless:on
