using System.CommandLine;
using System.Text.Json;
using System.Text.RegularExpressions;
using Rollouts.Cli.Output;
using Rollouts.Manifests;
using Rollouts.Manifests.Migration;

namespace Rollouts.Cli.Commands;

/// <summary><c>rollouts migrate</c>.</summary>
internal static partial class MigrateCommand
{
    public static Command Create(CliConsole console)
    {
        Option<string[]> files = SharedOptions.Files();
        Option<string> gateway = new("--gateway")
        {
            Description = "The Gateway that the routes attach to, NAME or NAMESPACE/NAME",
            DefaultValueFactory = _ => "gateway",
            HelpName = "NAME",
        };
        gateway.Checked(text => GatewayName().IsMatch(text) ? null : $"--gateway {text}: must be NAME or NAMESPACE/NAME, of lower-case letters, digits, - and .");
        Option<OutputFormat> output = SharedOptions.Output();
        Command command = new(
            "migrate",
            "Rewrites a release from ingress-nginx to the Gateway API and prints it with the HTTPRoute to create; give the Ingress as a further file for its hosts and paths.")
        {
            files, gateway, output,
        };
        command.SetAction(parsed =>
        {
            GatewayMigrationResult result = GatewayMigration.Run(InputFiles.Manifests(parsed.GetRequiredValue(files)), parsed.GetRequiredValue(gateway));
            foreach (ManifestProblem problem in result.Problems)
            {
                console.Error.WriteLine(problem);
            }

            if (result.Problems.Count > 0)
            {
                return ExitCode.Invalid;
            }

            if (parsed.GetValue(output) == OutputFormat.Json)
            {
                console.Out.WriteLine(JsonSerializer.Serialize(
                    new MigrationOutput(result.Files.ToDictionary(f => f.Name, f => f.Text), result.Routes, result.Notes), CliJson.Readable.MigrationOutput));
                return ExitCode.Ok;
            }

            console.Out.Write(string.Join("---\n", [.. result.Files.Select(f => Ended(f.Text)), .. result.Routes]));
            foreach (string note in result.Notes)
            {
                console.Error.WriteLine($"note: {note}");
            }

            return ExitCode.Ok;
        });
        return command;
    }

    private static string Ended(string text) => text.EndsWith('\n') ? text : text + "\n";

    [GeneratedRegex(@"^([a-z0-9][a-z0-9-]{0,62}/)?[a-z0-9][a-z0-9.-]{0,252}\z", RegexOptions.CultureInvariant)]
    private static partial Regex GatewayName();
}

internal sealed record MigrationOutput(IReadOnlyDictionary<string, string> Manifests, IReadOnlyList<string> Routes, IReadOnlyList<string> Notes);
