package io.waybill.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.manifest.RunId;
import io.waybill.manifest.RunRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;

/**
 * How many requests it takes to find the new runs of an archive, as the SDK sends them. The table of {@code docs/cost.md} is
 * made by {@code benchmarks/run cost}, which runs this with {@code -Dcost.runs}.
 */
@Timeout(600)
class ListingCostTest {

    private static final String ROOT = "enriched/archive/";
    private static final Instant FIRST = Instant.parse("2012-01-01T00:00:00Z");
    private static final DateTimeFormatter RUN = DateTimeFormatter.ofPattern(
                    "'enriched/archive/run='uuuu-MM-dd-HH-mm-ss'/'")
            .withZone(ZoneOffset.UTC);
    private static final int NEW = 24;
    private static final Duration TWO_DAYS = Duration.ofDays(2);

    /** Dollars for a thousand {@code LIST} requests. */
    private static final double LIST = 0.005;

    private final StubS3 s3 = TestClients.stub();
    private final S3Client client = TestClients.of(s3.endpoint());

    @AfterEach
    void stop() {
        client.close();
        s3.close();
    }

    @Test
    void theTableOfRequests() throws Exception {
        List<String> rows = new ArrayList<>();
        rows.add("| runs | new | way | `LIST` requests | dollars for 1,000 passes |");
        rows.add("|---|---|---|---|---|");
        int written = 0;
        for (String number : System.getProperty("cost.runs", "1000").split(",", -1)) {
            int runs = Integer.parseInt(number);
            for (; written < runs; written++) {
                s3.put(RUN.format(start(written)) + "part-0", new byte[1]);
            }
            int pages = (runs + 999) / 1_000;
            rows.add(row(runs, "all runs", found(runs, Instant.MIN), pages + NEW));
            rows.add(row(runs, "`--since 2d`", found(runs, start(runs).minus(TWO_DAYS)), 1 + NEW));
            rows.add(row(runs, "the older SDKs' lister", olderLister(), pages + runs));
        }
        Files.writeString(Path.of("target", "cost.md"), String.join("\n", rows) + "\n");
    }

    private static Instant start(int run) {
        return FIRST.plus(Duration.ofHours(run));
    }

    /** Lists what has started since then, and looks into the last runs, as if the others were processed. */
    private long found(int runs, Instant since) throws IOException {
        s3.forgetRequests();
        RunId firstNew = new RunId(RUN.format(start(runs - NEW)));
        try (RunArchive archive =
                        RunArchive.at("s3://bucket/" + ROOT).client(client).open();
                Stream<RunId> all =
                        since.equals(Instant.MIN) ? archive.runs(RunRange.all()) : archive.runs(since, Instant.MAX);
                Stream<RunInspection> looks = archive.inspect(all.filter(run -> run.compareTo(firstNew) >= 0), 8)) {
            assertThat(looks.filter(look -> look.status() == RunInspection.Status.READY))
                    .hasSize(NEW);
        }
        return s3.requests().size();
    }

    /** What the Python and Scala SDKs do: all pages, and for each run a look at its first objects' storage class. */
    private long olderLister() {
        s3.forgetRequests();
        for (ListObjectsV2Response page : client.listObjectsV2Paginator(
                request -> request.bucket("bucket").prefix(ROOT).delimiter("/"))) {
            for (CommonPrefix run : page.commonPrefixes()) {
                assertThat(client.listObjectsV2(request -> request.bucket("bucket")
                                        .prefix(run.prefix())
                                        .maxKeys(3))
                                .contents())
                        .isNotEmpty();
            }
        }
        return s3.requests().size();
    }

    private static String row(int runs, String way, long requests, long expected) {
        assertThat(requests).as(way).isEqualTo(expected);
        return String.format(Locale.ROOT, "| %,d | %d | %s | %,d | %.3f |", runs, NEW, way, requests, requests * LIST);
    }
}
