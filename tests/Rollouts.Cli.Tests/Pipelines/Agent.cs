using System.Diagnostics;
using System.Text.RegularExpressions;
using Rollouts.Cli.Tests.Remote;

namespace Rollouts.Cli.Tests.Pipelines;

/// <summary>
/// Runs the shell steps of a recipe as a build agent does: in bash, outputs of a step put into the next, in a folder with the team's manifests. The tool is the one that is tested; everything else is as the recipe says.
/// </summary>
internal sealed partial class Agent : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("rollouts-agent-");
    private readonly TestServer server;
    private readonly bool azure;
    private readonly Dictionary<string, string> outputs = [];

    public Agent(TestServer server, bool azure)
    {
        this.server = server;
        this.azure = azure;
        Directory.CreateDirectory(PathOf("deploy"));
        Directory.CreateDirectory(PathOf("bin"));
        string tool = PathOf("bin/rollouts");
        File.WriteAllText(tool, $"#!/bin/sh\nexec dotnet '{Path.Combine(AppContext.BaseDirectory, "Rollouts.Cli.dll")}' \"$@\"\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(tool, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>What GitHub shows of the run.</summary>
    public string Summary => File.Exists(PathOf("summary")) ? File.ReadAllText(PathOf("summary")) : "";

    public void Write(string name, string text) => File.WriteAllText(PathOf($"deploy/{name}"), text);

    public async Task<(int ExitCode, string Output)> RunAsync(ShellStep step)
    {
        File.WriteAllText(PathOf("output"), "");
        // GitHub stops a script at the first failure, Azure Pipelines only where the script says so.
        string[] strict = azure ? [] : ["-eo", "pipefail"];
        ProcessStartInfo start = new("bash", ["--noprofile", "--norc", .. strict, "-c", Filled(step.Script)])
        {
            WorkingDirectory = folder.FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = $"{PathOf("bin")}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["ROLLOUTS_SERVER"] = server.Address.ToString();
        start.Environment["GITHUB_OUTPUT"] = PathOf("output");
        start.Environment["GITHUB_STEP_SUMMARY"] = PathOf("summary");
        start.Environment.Remove("ROLLOUTS_KEY");
        if (!azure || step.Environment.Contains("ROLLOUTS_KEY"))
        {
            start.Environment["ROLLOUTS_KEY"] = TestServer.Key;
        }

        using Process process = Process.Start(start)!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(2));
        try
        {
            Task<string> error = process.StandardError.ReadToEndAsync(limit.Token);
            string output = await process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            TakeOutputs(output);
            return (process.ExitCode, output + await error);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    public void Dispose() => folder.Delete(recursive: true);

    private string PathOf(string name) => Path.Combine(folder.FullName, name);

    private string Filled(string script) => azure
        ? AzureVariable().Replace(script, m => outputs.GetValueOrDefault(m.Groups[1].Value, m.Value))
        : GitHubExpression().Replace(script, m => outputs[m.Groups[1].Value]);

    private void TakeOutputs(string output)
    {
        IEnumerable<Match> given = azure ? AzureOutput().Matches(output) : GitHubOutput().Matches(File.ReadAllText(PathOf("output")));
        foreach (Match match in given)
        {
            outputs[azure ? match.Groups[1].Value : $"steps.start.outputs.{match.Groups[1].Value}"] = match.Groups[2].Value;
        }
    }

    // Azure Pipelines leaves alone what is no variable of its own: it may be bash's.
    [GeneratedRegex(@"\$\((\w+)\)")]
    private static partial Regex AzureVariable();

    [GeneratedRegex(@"^##vso\[task\.setvariable variable=(\w+)\](.*)$", RegexOptions.Multiline)]
    private static partial Regex AzureOutput();

    [GeneratedRegex(@"\$\{\{ ([\w.]+) \}\}")]
    private static partial Regex GitHubExpression();

    [GeneratedRegex(@"^(\w+)=(.*)$", RegexOptions.Multiline)]
    private static partial Regex GitHubOutput();
}
