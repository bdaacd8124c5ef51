package io.waybill.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is public is used by somebody outside its module: another module, an example, a consumer, a page. */
class PublicTypesTest {

    private static final Pattern SOURCE = Pattern.compile(
            "(?<module>(?:manifest|event)-[a-z]+|run-archive)/src/main/java/(?<package>[a-z/]+)/(?<name>\\w+)\\.java");

    /** A type that users are to know. */
    private record PublicType(String module, String packageName, String name) {

        String fullName() {
            return packageName + "." + name;
        }

        boolean isService() {
            return Stream.of(
                            "io.waybill.manifest.spi.RunManifestStoreProvider",
                            "org.apache.spark.sql.sources.DataSourceRegister")
                    .map(service -> module + "/src/main/resources/META-INF/services/" + service)
                    .anyMatch(file -> Files.exists(Repository.file(file))
                            && Repository.text(file).contains(fullName()));
        }

        boolean isUsedOutside() throws IOException {
            boolean byCode = Repository.sources().values().stream()
                    .flatMap(List::stream)
                    .filter(source -> !source.startsWith(module + "/src/"))
                    .map(Repository::text)
                    .anyMatch(this::isImportedBy);
            return byCode
                    || Repository.pages().stream().map(Repository::text).anyMatch(text -> text.contains(fullName()));
        }

        private boolean isImportedBy(String text) {
            if (text.contains("import " + packageName + ".*;")) {
                return Pattern.compile("\\b" + name + "\\b").matcher(text).find();
            }
            return text.contains("import " + fullName() + ";") || text.contains("import static " + fullName() + ".");
        }
    }

    private static List<PublicType> publicTypes() {
        return Repository.sources().values().stream()
                .flatMap(List::stream)
                .map(SOURCE::matcher)
                .filter(Matcher::matches)
                .filter(source -> isPublic(Repository.text(source.group()), source.group("name")))
                .map(source -> new PublicType(
                        source.group("module"), source.group("package").replace('/', '.'), source.group("name")))
                .toList();
    }

    private static boolean isPublic(String text, String name) {
        // a function is used by lambdas, which do not name it
        return Pattern.compile(
                        "^(?<!@FunctionalInterface\\n)public .*\\b(class|interface|record|enum) " + name + "\\b",
                        Pattern.MULTILINE)
                .matcher(text)
                .find();
    }

    @Test
    void everyPublicTypeIsUsedOutsideItsModuleOrFoundByServiceLoader() throws IOException {
        List<PublicType> types = publicTypes();
        assertThat(types)
                .extracting(PublicType::name)
                .contains("RunManifest", "RunArchive", "EventTransformer", "Race");
        List<String> unused = new ArrayList<>();
        for (PublicType type : types) {
            if (!type.isService() && !type.isUsedOutside()) {
                unused.add(type.fullName());
            }
        }
        assertThat(unused).isEmpty();
    }
}
