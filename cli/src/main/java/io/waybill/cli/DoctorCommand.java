package io.waybill.cli;

import io.waybill.manifest.RunManifestStores;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/** Says what is wrong. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description =
                "Looks at backends, store, table, rights and clock; says what is wrong and what to do. Changes nothing.")
final class DoctorCommand extends StoreCommand {

    private DoctorCommand() {}

    @Override
    public Integer call() throws IOException {
        List<ClassLoader> loaders = Stream.of(
                        Thread.currentThread().getContextClassLoader(), RunManifestStores.class.getClassLoader())
                .flatMap(Stream::ofNullable)
                .distinct()
                .toList();
        Doctor doctor = new Doctor(loaders, InstantSource.system());
        doctor.examineBackends();
        if (storeChoice().isMissing()) {
            err().println("no store is named, and the default one is not there yet: it makes itself on first use");
        } else {
            doctor.examineStore(storeChoice()::openAsItIs);
        }
        Table table = new Table("check", "verdict", "found", "remedy");
        doctor.findings()
                .forEach(f ->
                        table.add(f.check(), f.good() ? "GOOD" : "WRONG", f.found(), f.good() ? null : f.remedy()));
        format().print(table, "");
        return doctor.findings().stream().allMatch(Doctor.Finding::good) ? ExitCode.DONE : ExitCode.FINDINGS;
    }
}
