package io.waybill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ReadmeTest {

    private static final Path README = Path.of("..", "README.md");

    @Test
    void everyLinkToAFileInTheReadmeLeadsSomewhere() throws IOException {
        Pattern.compile("\\]\\((?!https?:)([^)#]+)")
                .matcher(Files.readString(README))
                .results()
                .map(link -> README.resolveSibling(link.group(1)))
                .forEach(target -> assertThat(target).exists());
    }
}
