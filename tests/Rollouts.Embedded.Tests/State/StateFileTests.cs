using Microsoft.Data.Sqlite;
using Rollouts.Embedded.State;

namespace Rollouts.Embedded.Tests.State;

public sealed class StateFileTests
{
    [Fact]
    public async Task OpenAsync_FileInUse_NamesTheFileAndTheCure()
    {
        await using Bench first = new();
        await first.OpenAsync();

        StateFileException refused = Assert.Throws<StateFileException>(() => StateFile.Open(first.Path));

        Assert.Equal(first.Path, refused.Path);
        Assert.StartsWith($"{first.Path}: another process drives", refused.Message);
        Assert.Contains($"stop that one (`fuser {first.Path}.lock` prints its pid)", refused.Message);
    }

    [Fact]
    public async Task OpenAsync_AfterTheHolderClosed_Opens()
    {
        await using Bench bench = new();
        await bench.OpenAsync();
        await bench.CloseAsync();

        await bench.OpenAsync();
    }

    [Fact]
    public async Task Open_OtherFiles_AreRefusedByNameAndCanBeOpenedAfterTheCure()
    {
        await using Bench bench = new();
        Refused(bench.Path, "is not a state file", () => File.WriteAllText(bench.Path, new string('x', 5000)));
        Refused(bench.Path, "some other program", () => Make(bench.Path, "CREATE TABLE notes (text TEXT)"));
        Refused(bench.Path, "newer build (schema 99", () => Make(bench.Path, "PRAGMA user_version = 99"));

        await bench.OpenAsync();
    }

    [Fact]
    public void Open_FolderMissing_SaysSo()
    {
        string path = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"), "rollouts.db");

        StateFileException refused = Assert.Throws<StateFileException>(() => StateFile.Open(path));

        Assert.Contains($"the folder {Path.GetDirectoryName(path)} does not exist; create it", refused.Message);
    }

    [Fact]
    public async Task OpenAsync_OptionOutOfRange_IsRefused()
    {
        await using Bench bench = new();

        await Assert.ThrowsAsync<System.ComponentModel.DataAnnotations.ValidationException>(
            () => bench.OpenAsync(options: o => o with { MostChangesAtOnce = 0 }));
    }

    [Fact]
    public async Task Due_IsFoundByIndex()
    {
        await using Bench bench = new();
        await bench.OpenAsync();
        using SqliteConnection connection = new($"Data Source={bench.Path};Pooling=False");
        connection.Open();

        foreach (string sql in (string[])
            [
                "SELECT key FROM generations WHERE due <= 1 ORDER BY due LIMIT 10",
                "SELECT due FROM generations WHERE due IS NOT NULL ORDER BY due LIMIT 1",
            ])
        {
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = $"EXPLAIN QUERY PLAN {sql}";
            using SqliteDataReader rows = command.ExecuteReader();
            Assert.True(rows.Read());
            string plan = rows.GetString(3);
            Assert.Contains("USING COVERING INDEX generations_due", plan);
            Assert.False(rows.Read(), "sorts, too");
        }
    }

    private static void Refused(string path, string why, Action make)
    {
        make();
        StateFileException refused = Assert.Throws<StateFileException>(() => StateFile.Open(path));
        Assert.StartsWith($"{path}: ", refused.Message);
        Assert.Contains(why, refused.Message);
        File.Delete(path);
    }

    private static void Make(string path, string sql)
    {
        using SqliteConnection connection = new($"Data Source={path};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
