package io.waybill.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import io.waybill.manifest.RunManifestStores;
import io.waybill.manifest.spi.RunManifestStore;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A run that is published in S3 lies there as the pages draw it. */
@Timeout(120)
class S3LayoutTest {

    private static final List<String> PAGES = List.of("archives.md", "0010-output-in-s3-lies-under-its-fence.md");
    private static final String RUN = "run=2017-04-11-10-00-00/";

    @TempDir
    private Path folder;

    @Test
    void aRunIsPublishedAsThePagesShow() throws Exception {
        try (S3Workbench work = new S3Workbench(folder)) {
            assertThat(work.bench.waybill("init").code()).isZero();
            try (RunManifestStore store = RunManifestStores.open(work.bench.store)) {
                RunManifest manifest = RunManifest.over(store);
                for (int i = 0; i < 3; i++) { // six versions before the claim
                    manifest.add(new RunId(S3Workbench.ROOT + RUN));
                    manifest.forget(new RunId(S3Workbench.ROOT + RUN));
                }
            }
            ByteArrayOutputStream input = new ByteArrayOutputStream();
            input.write(Files.readAllBytes(work.bench.write("events", work.bench.events(2))));
            input.write("no event\n".getBytes(UTF_8));
            work.s3.put(S3Workbench.ROOT + RUN + "part-00000", input.toByteArray());
            assertThat(work.waybill(
                                    "transform",
                                    S3Workbench.ARCHIVE,
                                    "--to=" + S3Workbench.OUTPUT,
                                    "--store",
                                    work.bench.store)
                            .code())
                    .isZero();

            for (String page : PAGES) {
                Map<String, String> drawn = drawn(page);
                assertThat(work.s3.keys("json/")).as(page).containsExactlyElementsOf(drawn.keySet());
                String marker = "json/" + RUN + "_SUCCESS";
                assertThat(new String(work.s3.bytes(marker), UTF_8).strip())
                        .as(page)
                        .matches(Stream.of(drawn.getOrDefault(marker, "").split("…", -1))
                                .map(Pattern::quote)
                                .collect(Collectors.joining(".+")));
            }
        }
    }

    /** The keys, and what stands beside them. */
    private static Map<String, String> drawn(String page) throws Exception {
        Path docs = Path.of("..", "docs");
        Path file = Files.exists(docs.resolve(page))
                ? docs.resolve(page)
                : docs.resolve("adr").resolve(page);
        Map<String, String> drawn = new TreeMap<>();
        Files.readAllLines(file).stream()
                .dropWhile(line -> !line.startsWith("<!-- checked by ") || !line.contains("S3LayoutTest"))
                .skip(2)
                .takeWhile(line -> !line.equals("```"))
                .map(line -> line.replace("<to>/<run>/", "json/" + RUN).split(" +", 2))
                .forEach(parts -> drawn.put(parts[0], parts.length > 1 ? parts[1] : ""));
        return drawn;
    }
}
