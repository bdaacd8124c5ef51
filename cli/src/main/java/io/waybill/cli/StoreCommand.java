package io.waybill.cli;

import io.waybill.manifest.spi.RunManifestStore;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that works on the records of a store and prints a table. */
abstract class StoreCommand implements Callable<Integer> {

    @Mixin
    private StoreChoice storeChoice = new StoreChoice();

    @Mixin
    private FormatChoice format = new FormatChoice();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli's to set
    private CommandSpec spec;

    /** The store, to be written into; the default one is made if it is not there. */
    final RunManifestStore openStore() {
        return storeChoice.open();
    }

    /** The store whose records are to be read; the default one must be there. */
    final RunManifestStore readStore() {
        return storeChoice.openThere();
    }

    /** The store that is asked what of an archive is done; of the default one that is not there, nothing is. */
    final RunManifestStore askStore() {
        return storeChoice.openOrEmpty(err());
    }

    final StoreChoice storeChoice() {
        return storeChoice;
    }

    final FormatChoice format() {
        return format;
    }

    /** Where talk goes. */
    final PrintWriter err() {
        return spec.commandLine().getErr();
    }

    /** Where data go that are no table. */
    final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    /** The words of the command line as they were typed. */
    final List<String> words() {
        return spec.commandLine().getParseResult().originalArgs();
    }

    /** What is to be thrown when the words of the command line do not fit together. */
    final ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
