package io.waybill.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.cli.Workbench.Result;
import io.waybill.manifest.RunManifestStores;
import io.waybill.manifest.spi.RunManifestStore;
import io.waybill.manifest.spi.RunManifestStoreProvider;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.h2.mvstore.DataUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DoctorTest {

    private static final ClassLoader OURS = DoctorTest.class.getClassLoader();

    @TempDir
    private Path folder;

    /** A second backend for one scheme. */
    public static final class Rival implements RunManifestStoreProvider {
        @Override
        public String scheme() {
            return "jdbc";
        }

        @Override
        public RunManifestStore open(String location, Map<String, String> options) {
            throw new AssertionError("nobody opens it");
        }
    }

    @Test
    void whereAllIsWellItSaysWhatIsThere() throws IOException {
        String store = "--store=jdbc:h2:file:" + folder.resolve("m");
        Workbench.call("init", store);
        Map<String, String> before = Workbench.content(folder);
        Result result = Workbench.call("doctor", store, "--output=json");
        assertThat(result.code()).as(result.out()).isZero();
        assertThat(result.rows())
                .extracting(row ->
                        row.get("check").asText() + " " + row.get("verdict").asText())
                .containsExactlyInAnyOrder(
                        "backend memory: GOOD",
                        "backend jdbc: GOOD",
                        "backend dynamodb: GOOD",
                        "store GOOD",
                        "table GOOD",
                        "right to list GOOD",
                        "right to write GOOD",
                        "clock GOOD");
        assertThat(Workbench.call("list", store, "--output=json").rows())
                .as("it writes nothing")
                .isEmpty();
        assertThat(Workbench.content(folder).keySet()).isEqualTo(before.keySet());
    }

    @Test
    void forPeopleWhatIsWrongStandsAtTheEndOnLinesOfItsOwn() {
        List<String> lines =
                Workbench.call("doctor", "--store=redis:runs").out().lines().toList();
        assertThat(lines).anySatisfy(line -> assertThat(line).matches("store +WRONG +see below"));
        assertThat(lines.get(0)).matches("CHECK +VERDICT +FOUND");
        assertThat(lines.subList(lines.size() - 3, lines.size()))
                .satisfiesExactly(
                        line -> assertThat(line).isEmpty(),
                        line -> assertThat(line).startsWith("store: no backend on the class path serves 'redis:'"),
                        line -> assertThat(line).isEqualTo("  what to do: name a store of one of the backends above"));
    }

    @Test
    void noBackendIsSaidWithTheRemedy() {
        Doctor doctor = doctor(ClassLoader.getPlatformClassLoader());
        doctor.examineBackends();
        assertWrong(doctor, "backends", "there is none", "add one of io.waybill:manifest-jdbc");
    }

    @Test
    void twoBackendsForOneSchemeAreNamed() throws IOException {
        try (URLClassLoader loader = naming(Rival.class.getName())) {
            Doctor doctor = doctor(loader);
            doctor.examineBackends();
            assertWrong(doctor, "backend jdbc:", "Rival", "leave one of them");
            assertThat(doctor.findings()).filteredOn(Doctor.Finding::good).hasSize(2);
        }
    }

    @Test
    void aBrokenProviderIsNamedAndHidesNoOther() throws IOException {
        try (URLClassLoader loader = naming("no.such.Provider")) {
            Doctor doctor = doctor(loader);
            doctor.examineBackends();
            assertWrong(doctor, "backend", "no.such.Provider", "rebuild or remove the jar");
            assertThat(doctor.findings()).filteredOn(Doctor.Finding::good).hasSize(3);
        }
    }

    @Test
    void aMissingTableIsToldFromAWrongOne() {
        String table = PostgresServer.newName();
        String store = PostgresServer.url("postgres") + "&table=" + table;
        Doctor missing = doctor(OURS);
        missing.examineStore(() -> RunManifestStores.open(store));
        assertWrong(missing, "table", table, "waybill init");

        PostgresServer.sql("CREATE TABLE %s (job text, run_id text, colour text)".formatted(table));
        Doctor wrong = doctor(OURS);
        wrong.examineStore(() -> RunManifestStores.open(store));
        assertWrong(wrong, "table", "another shape", "name another table");
        assertThat(Workbench.call("doctor", "--store", store).code()).isEqualTo(ExitCode.FINDINGS);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void missingRightsAreToldOneByOne(boolean reads) {
        String table = PostgresServer.newName();
        String role = PostgresServer.newName();
        RunManifestStores.open(PostgresServer.url("postgres") + "&table=" + table)
                .create();
        PostgresServer.sql("CREATE ROLE %s LOGIN".formatted(role));
        if (reads) {
            PostgresServer.sql("GRANT SELECT ON %s TO %s".formatted(table, role));
        }
        Doctor doctor = doctor(OURS);
        doctor.examineStore(() -> RunManifestStores.open(PostgresServer.url(role) + "&table=" + table));
        assertWrong(doctor, reads ? "right to write" : "table", "permission denied", "grant the rights");
    }

    @Test
    void aStoreThatCannotBeReachedOrIsNoneIsSaid() throws IOException {
        Doctor unreachable = doctor(OURS);
        unreachable.examineStore(() -> RunManifestStores.open("jdbc:postgresql://localhost:1/postgres"));
        assertWrong(unreachable, "table", "localhost", "server runs");
        Doctor unknown = doctor(OURS);
        unknown.examineStore(() -> RunManifestStores.open("redis:runs"));
        assertWrong(unknown, "store", "no backend on the class path serves 'redis:'", "name a store");
    }

    @Test
    void aStoreFileOfAnotherVersionIsSaidAndLeftAsItIs() throws IOException {
        RunManifestStores.open("jdbc:h2:file:" + folder.resolve("m")).create();
        Path file = folder.resolve("m.mv.db");
        byte[] bytes = Files.readAllBytes(file);
        for (int header : new int[] {0, 4096}) { // a later format, under a checksum that holds
            String text = new String(bytes, header, 4096, ISO_8859_1);
            String later = text.substring(0, text.indexOf(",fletcher:")).replaceFirst("format:\\d", "format:9");
            byte[] plain = later.getBytes(ISO_8859_1);
            byte[] summed = "%s,fletcher:%08x%n"
                    .formatted(later, DataUtils.getFletcher32(plain, 0, plain.length))
                    .getBytes(ISO_8859_1);
            System.arraycopy(summed, 0, bytes, header, summed.length);
        }
        Files.write(file, bytes);
        Doctor strange = doctor(OURS);
        strange.examineStore(() -> RunManifestStores.open("jdbc:h2:file:" + folder.resolve("m")));
        assertWrong(strange, "table", "no database of this version", "name another table or file");
        assertThat(file).hasBinaryContent(bytes);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 1})
    void aClockThatIsAnHourOffIsSaid(long hours) {
        RunManifestStore store = RunManifestStores.open("memory:");
        store.create();
        InstantSource clock = InstantSource.offset(InstantSource.system(), Duration.ofHours(hours));
        Doctor doctor = new Doctor(List.of(OURS), clock);
        doctor.examineStore(() -> store);
        assertWrong(doctor, "clock", hours < 0 ? "behind the store's" : "ahead of the store's", "NTP");
    }

    @Test
    void theDefaultStoreIsNotMadeByTheWay() throws Exception {
        Workbench bench = new Workbench(folder);
        Result result = bench.start("doctor", "--output=json").end();
        assertThat(result.code()).isZero();
        assertThat(result.rows()).hasSize(3);
        assertThat(result.err()).contains("it is made when the first record is written");
        assertThat(folder.resolve(".waybill")).doesNotExist();
    }

    private static Doctor doctor(ClassLoader loader) {
        return new Doctor(List.of(loader), InstantSource.system());
    }

    private URLClassLoader naming(String provider) throws IOException {
        Path services = Files.createDirectories(folder.resolve("META-INF/services"));
        Files.writeString(services.resolve(RunManifestStoreProvider.class.getName()), provider + "\n");
        return new URLClassLoader(new URL[] {folder.toUri().toURL()}, OURS);
    }

    private static void assertWrong(Doctor doctor, String check, String found, String remedy) {
        assertThat(doctor.findings())
                .filteredOn(finding -> !finding.good())
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.check()).isEqualTo(check);
                    assertThat(finding.found()).contains(found);
                    assertThat(finding.remedy()).contains(remedy);
                });
    }
}
