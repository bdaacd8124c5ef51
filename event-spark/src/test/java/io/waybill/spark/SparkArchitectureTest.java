package io.waybill.spark;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the module may know: no JSON library, no AWS SDK and no store, as the class path of a cluster has its own. */
class SparkArchitectureTest {

    private static final String[] KNOWN = {
        "io.waybill.spark",
        "io.waybill.archive",
        "io.waybill.event",
        "io.waybill.manifest",
        "org.apache.spark..",
        "org.apache.hadoop.conf",
        "org.apache.hadoop.fs..",
        "scala..",
        "org.slf4j..",
        "org.jspecify.annotations",
        "java.."
    };

    private static JavaClasses own() throws URISyntaxException {
        return new ClassFileImporter()
                .importPath(Path.of(EnrichedEvents.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI()));
    }

    private static ArchRule knowOnly(String... packages) {
        return classes().should().onlyDependOnClassesThat().resideInAnyPackage(packages);
    }

    @Test
    void theModuleKnowsOnlyWhatItMay() throws URISyntaxException {
        JavaClasses own = own();

        assertThat(own.contain(ManifestedBatch.class)).isTrue();
        knowOnly(KNOWN).check(own);
    }

    @Test
    void aRuleThatIsBrokenIsFound() throws URISyntaxException {
        String[] fewer = Stream.of(KNOWN)
                .filter(name -> !name.equals("io.waybill.archive"))
                .toArray(String[]::new);

        assertThat(knowOnly(fewer).evaluate(own()).hasViolation()).isTrue();
    }
}
