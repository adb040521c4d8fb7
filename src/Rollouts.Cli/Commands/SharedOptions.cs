using System.CommandLine;
using System.Globalization;

namespace Rollouts.Cli.Commands;

/// <summary>Options that several commands have.</summary>
internal static class SharedOptions
{
    public static Option<OutputFormat> Output() => new("--output", "-o")
    {
        Description = "text or json",
        DefaultValueFactory = _ => OutputFormat.Text,
        Recursive = false,
    };

    public static Argument<string> Id() => new("id") { Description = "The rollout, for instance shop.checkout.0123456789", HelpName = "ID" };

    public static Option<string> By() => new("--by")
    {
        Description = "Who decides, where the server does not know better",
        DefaultValueFactory = _ => Environment.UserName,
        HelpName = "NAME",
    };

    public static Option<string?> Requester() => new("--requester")
    {
        Description = "The person who asks for it, as policies know people: a mail address, slack:U… or entra:…",
        HelpName = "WHO",
    };

    public static Option<string[]> Files() => new("--file", "-f")
    {
        Description = "A manifest: YAML or JSON, one or more documents. May be given several times; - reads standard input.",
        Required = true,
        AllowMultipleArgumentsPerToken = true,
        HelpName = "FILE",
    };

    public static Option<string?> Templates() => new("--templates")
    {
        Description = "A folder with templates that a release may name without carrying them",
        HelpName = "FOLDER",
    };

    public static Option<string> State()
    {
        Option<string> state = new("--state")
        {
            Description = "The state file, on a local disk",
            DefaultValueFactory = _ => "rollouts.db",
            HelpName = "FILE",
        };
        return state.Checked(text => text.Length == 0 ? "--state: must name a file; leave the option out for rollouts.db" : null);
    }

    public static Option<int> Port(int standard)
    {
        Option<int> port = new("--port")
        {
            Description = standard == 0 ? "The port of the HTTP API on 127.0.0.1; 0 takes a free one" : "The port on 127.0.0.1; 0 takes a free one",
            DefaultValueFactory = _ => standard,
        };
        return port.Checked(text => ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? null : $"--port {text}: must be a number from 0 to 65535");
    }

    /// <summary>The option, of which a value that was given is looked at before anything else is done with it.</summary>
    /// <param name="option">An option that is given once.</param>
    /// <param name="problem">What is wrong with a value, with the option's name and the cure; null when nothing is.</param>
    public static Option<T> Checked<T>(this Option<T> option, Func<string, string?> problem)
    {
        option.Validators.Add(given =>
        {
            if (given.Tokens is [{ Value: { } text }] && problem(text) is { } wrong)
            {
                given.AddError(wrong);
            }
        });
        return option;
    }

    public static Option<bool> FailOnPause() => new("--fail-on-pause")
    {
        Description = "End with exit code 4 as soon as the rollout waits for a person, instead of waiting too",
    };

    public static Option<string?> Series() => new("--series")
    {
        Description = """What the metrics return: {"metric": [0.01, [0.02, "NaN"], {"error": "text"}, []]}""",
        HelpName = "SERIES.json",
    };
}

/// <summary>How a result is printed.</summary>
public enum OutputFormat
{
    Text,
    Json,
}
